import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium, type Page } from "playwright-core";
import { build } from "vite";
import type { SearchRow, SearchTimes } from "../../pipeline/commands/support/bench/search.ts";
import { writeIndex } from "../../src/integrations/pagefind.ts";
import { serve } from "../support/file-server.ts";
import { benchClaims, benchPages } from "./search-pages.ts";

/** The job of `npm run bench -- search`: an index of so many pages and claims, asked in Chromium through the site's own client. */
const { pages } = JSON.parse(process.argv[2]!) as { pages: number };

const asked = { text: "", kind: "", topic: "", verdict: "", model: "" };
const queries = [
  { ...asked, text: "government" },
  { ...asked, text: "the" },
  { ...asked, text: "small w" },
  { ...asked, text: "light of the morning" },
  { ...asked, text: `page_${pages - 1}` },
  { ...asked, text: "d=576" },
  { ...asked, text: "意味は深さ" },
  { ...asked, text: "money", kind: "claim", verdict: "contradicted", model: "one" },
  { ...asked, kind: "claim", verdict: "contradicted", model: "one" },
  { ...asked, text: "water", topic: "topic-7" },
];
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};

const folder = mkdtempSync(join(tmpdir(), "soundings-search-"));
try {
  const begun = performance.now();
  await writeIndex(join(folder, "pagefind"), benchPages(pages), benchClaims(pages));
  const index_s = (performance.now() - begun) / 1000;
  await build({
    configFile: false,
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
    for (const query of queries) {
      // A profile of its own: nothing is in its cache.
      const context = await browser.newContext();
      const page = await context.newPage();
      const fetched: string[] = [];
      page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
      await page.goto(server.url, { waitUntil: "load" });
      fetched.splice(0);
      opened.push({ ms: await call<number>(page, "open"), kib: sizeOf(fetched) });
      fetched.splice(0);
      const answer = await call<Pick<SearchRow, "total" | "first_ms" | "all_ms">>(page, "ask", query);
      const { total, first_ms, all_ms } = answer;
      const asks = Object.entries(query).flatMap(([name, value]) =>
        value === "" ? [] : name === "text" ? value : `${name}=${value}`,
      );
      rows.push({ query: asks.join(" "), total, first_ms, all_ms, kib: sizeOf(fetched) });
      await context.close();
    }
    return {
      open_ms: Math.max(...opened.map(({ ms }) => ms)),
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
