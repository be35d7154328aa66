import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Browser, chromium, type Page } from "playwright-core";
import { build } from "vite";
import type { SearchRow, SearchTimes } from "../../pipeline/commands/support/bench/search.ts";
import type { Query } from "../../src/client/search-engine.ts";
import { openIndex } from "../../src/integrations/pagefind.ts";
import { serve } from "../support/file-server.ts";
import { benchClaims, benchPages } from "./search-pages.ts";

/** The job of `npm run bench -- search`: an index of so many pages and claims, asked in Chromium through the site's own client. */
const { pages, rounds } = JSON.parse(process.argv[2]!) as { pages: number; rounds: number };

const asked = { text: "", kind: "", topic: "", verdict: "", model: "" };
const queries = [
  { ...asked, text: "government" },
  { ...asked, text: "people" },
  { ...asked, text: "small w" },
  { ...asked, text: "light of the morning" },
  { ...asked, text: `page_${pages - 1}` },
  { ...asked, text: "d=576" },
  { ...asked, text: "意味は深さ" },
  { ...asked, text: "money", kind: "claim", verdict: "contradicted", model: "one" },
  { ...asked, kind: "claim", verdict: "contradicted", model: "one" },
  { ...asked, text: "water", topic: "topic-7" },
];
/** From the key that opens the search to the second letter of a word, which is the first that is looked for: a quick typist's. */
const TYPING_MS = 250;
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};

const folder = mkdtempSync(join(tmpdir(), "soundings-search-"));
try {
  const begun = performance.now();
  const index = await openIndex();
  for (const page of benchPages(pages)) await index.page(page);
  for (const claim of benchClaims(pages)) await index.record(claim);
  await index.write(join(folder, "pagefind"));
  const index_s = (performance.now() - begun) / 1000;
  await build({
    configFile: false,
    publicDir: false,
    logLevel: "error",
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: "es2024",
      rolldownOptions: { input: "tests/bench/search-page.ts", output: { entryFileNames: "search.js" } },
    },
  });
  process.stdout.write(JSON.stringify({ pages, claims: pages, index_s, ...(await measured()) } satisfies SearchTimes));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** One query in a profile of its own, where nothing is in the cache. */
async function asking(browser: Browser, address: string, query: Query) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const fetched: string[] = [];
    page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
    await page.goto(address, { waitUntil: "load" });
    fetched.splice(0);
    const ms = await call<number>(page, "open");
    const kib = sizeOf(fetched.splice(0));
    await page.waitForTimeout(TYPING_MS);
    const { total, first_ms, all_ms } = await call<Omit<SearchRow, "query" | "kib">>(page, "ask", query);
    const asks = Object.entries(query).flatMap(([name, value]) =>
      value === "" ? [] : name === "text" ? value : `${name}=${value}`,
    );
    return { ms, kib, row: { query: asks.join(" "), total, first_ms, all_ms, kib: sizeOf(fetched) } };
  } finally {
    await context.close();
  }
}

function call<T>(page: Page, name: string, argument?: unknown): Promise<T> {
  return page.evaluate(
    ([name, argument]) =>
      (globalThis as unknown as Record<string, (argument: unknown) => T>)[name as string]!(argument),
    [name, argument],
  );
}

async function measured(): Promise<Pick<SearchTimes, "open_ms" | "open_kib" | "rows">> {
  const server = await serve((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const file = join(folder, pathname);
    response.setHeader("content-type", TYPES[extname(pathname)] ?? "application/octet-stream");
    if (pathname === "/") {
      response.setHeader("content-type", "text/html");
      response.end('<!doctype html><link rel="icon" href="data:,"><script type="module" src="/search.js"></script>');
    } else if (!existsSync(file) || !statSync(file).isFile()) response.writeHead(404).end();
    else createReadStream(file).pipe(response);
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    const rows: SearchRow[] = [];
    const opened: { ms: number; kib: number }[] = [];
    for (let round = 0; round < rounds; round++)
      for (const [i, query] of queries.entries()) {
        const { row, ms, kib } = await asking(browser, server.url, query);
        opened.push({ ms, kib });
        const best = rows[i];
        rows[i] =
          best === undefined
            ? row
            : { ...row, first_ms: Math.min(row.first_ms, best.first_ms), all_ms: Math.min(row.all_ms, best.all_ms) };
      }
    return {
      open_ms: Math.min(...opened.map(({ ms }) => ms)),
      open_kib: Math.max(...opened.map(({ kib }) => kib)),
      rows,
    };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** What a host sends for these files, scripts gzipped, in KiB; the index is compressed as it lies. */
function sizeOf(paths: readonly string[]): number {
  const bytes = paths.reduce((sum, path) => {
    const content = readFileSync(join(folder, path));
    return sum + (path.endsWith(".js") ? gzipSync(content).length : content.length);
  }, 0);
  return bytes / 1024;
}
