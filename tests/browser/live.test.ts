import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { promisify } from "node:util";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { describe, expect, inject, it } from "vitest";
import { Trace } from "../../pipeline/artifacts/schema.ts";
import { tracePrompts } from "../../pipeline/engine/run/prompt-trace.ts";
import { readCards } from "../../pipeline/models/cards.ts";
import { openLanguageModelAt } from "../../pipeline/runtime/open-model.ts";
import { expectSameTrace } from "../support/same-trace.ts";
import { useBrowser, visit } from "./support/page.ts";
import { serve } from "./support/server.ts";

useBrowser();
const site = inject("fixtureSite");
const traces = `${site}/traces/`;
/** The fixture's embedded model: the golden tiny Llama with a tokenizer of bytes. */
const MODEL = "tests/fixtures/vault/public/models/fixture-b";
/** What is fetched to read a sentence, beside scripts. */
const HEAVY = /\/models\/|\.wasm$/;

/** What a page comes to show, on however slow a machine. */
const shown = <T>(what: () => T | Promise<T>) => expect.poll(what, { timeout: 60_000 });

const status = (page: Page) => page.locator(".own-form [role=status]");

/** Types a sentence and has it read; returns what the status says at the end. */
async function read(page: Page, text: string): Promise<string> {
  await page.locator("#own-text").fill(text);
  await page.locator(".own-form button").click();
  return ended(page, text);
}

async function ended(page: Page, text: string): Promise<string> {
  await page.waitForFunction(
    (asked) =>
      document.querySelector(".own-form .failed") ||
      (document.querySelector(".own-result q")?.textContent === asked &&
        document.querySelector(".own-form a[href='#own-trace']")),
    text,
    { timeout: 90_000 },
  );
  return status(page).innerText();
}

/** The trace behind the map, as its link gives it. */
async function traceOf(page: Page) {
  const download = page.waitForEvent("download");
  await page.locator(".own-result .map-ends a").click();
  return Trace.parse(JSON.parse(await textOf(await (await download).createReadStream())));
}

async function expected(folder: string, text: string) {
  const { model, tokenizer, release } = await openLanguageModelAt(folder);
  try {
    return (await tracePrompts(model, tokenizer, [tokenizer.encode(text)], { topK: 5 }))[0]!;
  } finally {
    await release();
  }
}

function watch(page: Page): string[] {
  const requests: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (HEAVY.test(pathname)) requests.push(pathname);
  });
  return requests;
}

describe("a sentence of the reader's own", () => {
  it("is read as the pipeline reads it, and nothing is fetched for it before", () =>
    visit(traces, async ({ page }) => {
      const requests = watch(page);
      await page.reload({ waitUntil: "networkidle" });
      expect(requests).toEqual([]);
      const text = "She looked at the river.";
      expect(await read(page, text)).toBe("23 of at most 64 tokens, read at 4 depths. Go to the trace");
      expect(requests.filter((path) => path.endsWith(".wasm"))).toHaveLength(1);
      expect(requests.filter((path) => path.startsWith("/models/fixture-b/")).sort()).toEqual(
        ["config.json", "model.safetensors", "tokenizer.json"].map((name) => `/models/fixture-b/${name}`),
      );
      const { schema, id, model, prompt, ...trace } = await traceOf(page);
      expect([schema, id, model, prompt]).toEqual([1, "own-sentence", "fixture-b", text]);
      expectSameTrace(trace, await expected(MODEL, text));
      expect(new URL(page.url()).searchParams.get("text")).toBe(text);
    }));

  it("is drawn as measured traces are: quantities, cells, attention, keyboard; the next one keeps the quantity", () =>
    visit(traces, async ({ page }) => {
      await read(page, "One sea.");
      const cell = page.locator(".own-result .trace-map tbody tr").nth(3).locator("td").nth(2);
      await page.locator(".toolbar label", { hasText: "Entropy" }).click();
      await shown(() => cell.innerText()).toMatch(/^\d\.\d$/);
      await cell.click();
      await page.locator(".cell-panel summary").click();
      await shown(() => page.locator(".heads tbody tr").count()).toBe(6);
      await page.keyboard.press("Escape");
      await page.locator(".own-result td[tabindex='0']").focus();
      await page.keyboard.press("ArrowRight");
      await shown(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toMatch(/^Depth/);
      await read(page, "Two seas.");
      expect(await page.locator(".toolbar input:checked").inputValue()).toBe("entropy");
      await page.goBack();
      expect(await ended(page, "One sea.")).toContain("8 of at most 64 tokens");
      expect(await page.locator("#own-text").inputValue()).toBe("One sea.");
    }));

  it("needs no network the second time, on this page or the next", () =>
    visit(traces, async ({ page, errors }) => {
      const requests = watch(page);
      await read(page, "Once.");
      const fetched = requests.length;
      await page.context().setOffline(true);
      expect(await read(page, "And again.")).toContain("10 of at most 64 tokens");
      await page.context().setOffline(false);
      await page.reload();
      expect(await ended(page, "And again.")).toContain("10 of at most");
      expect(requests).toHaveLength(fetched);
      errors.length = 0;
    }));

  it("that came with a link is read when the reader asks, one that was typed in a note at once", () =>
    visit(`${traces}?text=A+link.`, async ({ page }) => {
      const requests = watch(page);
      await shown(() => status(page).innerText()).toMatch(/came with the link/);
      expect(await page.locator("#own-text").inputValue()).toBe("A link.");
      expect(requests).toEqual([]);
      await page.goto(`${site}/notes/does-the-invented-quantity-fall/`);
      await page.locator("#own-text").fill("From a note.");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/traces\//);
      expect(await ended(page, "From a note.")).toContain("12 of at most");
      expect(new URL(page.url()).search).toBe("?text=From+a+note.");
      // Now that the model is there, links are read at once.
      await page.goto(`${traces}?text=A+link.`);
      expect(await ended(page, "A link.")).toContain("7 of at most");
    }));

  it("is read with Enter, broken with Shift and Enter, and announced", () =>
    visit(traces, async ({ page }) => {
      await page.getByLabel("Try a sentence of your own").focus();
      await page.keyboard.type("a");
      await page.keyboard.press("Shift+Enter");
      await page.keyboard.type("b");
      await page.keyboard.press("Enter");
      expect(await ended(page, "a\nb")).toContain("3 of at most 64 tokens");
      expect(await page.locator(".own-result thead th").nth(2).innerText()).toBe("↵");
      await page.locator("a[href='#own-trace']").focus();
      await page.keyboard.press("Enter");
      await shown(() => page.evaluate(() => document.activeElement?.id)).toBe("own-trace");
    }));

  it("is only ever text, whatever it holds", () =>
    visit(traces, async ({ page }) => {
      const text = '<b>&lt;</b>\u202egnp\u0000😀<script>document.title="broken"</script>';
      await read(page, text);
      expect(await page.locator(".own-result q").textContent()).toBe(text);
      expect(await page.locator(".own-result :is(b, script)").count()).toBe(0);
      expect(await page.title()).not.toContain("broken");
      const heads = await page.locator(".own-result thead .token").allInnerTexts();
      for (const mark of ["<", "\\xE2", "U+0000", "\\xF0"]) expect(heads).toContain(mark);
      // Half of a surrogate pair is no text: field, trace and link hold what stands for it.
      await page.goto(`${traces}?text=%ED%A0%80a`);
      await ended(page, "\ufffd\ufffd\ufffda");
      await page.locator("#own-text").evaluate((field: HTMLTextAreaElement) => {
        field.value = "\ud800b";
      });
      await page.locator(".own-form button").click();
      expect(await ended(page, "\ufffdb")).toContain("4 of at most");
      expect(new URL(page.url()).searchParams.get("text")).toBe("\ufffdb");
    }));

  it("says how much has come while the model is fetched", () =>
    visit(traces, async ({ page }) => {
      let go = () => {};
      const held = new Promise<void>((resolve) => {
        go = resolve;
      });
      await page.context().route("**/*.safetensors", async (route) => {
        await held;
        await route.continue();
      });
      await page.locator("#own-text").fill("Slowly.");
      await page.locator(".own-form button").click();
      await shown(() => page.locator(".own-bytes").innerText()).toMatch(/^14\.2 MB of 14\.5 MB$/);
      expect(await status(page).innerText()).toBe("Fetching the model …");
      const bar = page.locator(".own-form progress");
      expect(await bar.evaluate((each: HTMLProgressElement) => [each.hidden, each.position > 0.97])).toEqual([
        false,
        true,
      ]);
      go();
      await ended(page, "Slowly.");
      expect(await bar.isHidden()).toBe(true);
      expect(await page.locator(".own-bytes").innerText()).toBe("");
    }));

  it.each(["light", "dark"] as const)("has no accessibility violation in the %s: asked, failed, read", (colorScheme) =>
    visit(
      traces,
      async ({ page }) => {
        const faults = async () =>
          (await new AxeBuilder({ page }).analyze()).violations.map(
            ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 2)}`,
          );
        expect(await faults()).toEqual([]);
        await read(page, "");
        expect(await faults()).toEqual([]);
        await read(page, "A quiet sea.");
        await page.locator(".own-result td").first().click();
        await page.locator(".cell-panel").waitFor();
        expect(await faults()).toEqual([]);
      },
      { colorScheme },
    ),
  );

  it("is not asked for where no script runs", () =>
    visit(
      traces,
      async ({ page }) => {
        expect(await page.locator(".own-form").isVisible()).toBe(false);
        await page.goto(`${site}/notes/does-the-invented-quantity-fall/`);
        expect(await page.locator(".own-form").isVisible()).toBe(false);
      },
      { javaScriptEnabled: false },
    ));
});

/** A visit during which something fails; what the console says of that is no fault of the page. */
const failing = (use: (page: Page) => Promise<void>, before: (page: Page) => Promise<unknown> = async () => {}) =>
  visit("about:blank#http://localhost", async ({ page, errors, strangers }) => {
    await before(page);
    await page.goto(traces);
    await use(page);
    errors.length = 0;
    strangers.length = 0;
  });

describe("a failure is told in one sentence", () => {
  it("no sentence, one too long", () =>
    visit(traces, async ({ page }) => {
      expect(await read(page, "")).toMatch(/^There is no sentence yet/);
      expect(await read(page, "x".repeat(1001))).toMatch(/^The text has 1,001 characters; at most 1000 are taken/);
      expect(await read(page, "x".repeat(65))).toBe(
        "The sentence has 65 tokens; at most 64 are read. Make it shorter.",
      );
      expect(await read(page, "x".repeat(64))).toContain("64 of at most 64");
    }));

  it("weights that are not those of the card, cut off, not there, out of reach; then it can be tried again", () =>
    failing(async (page) => {
      const bytes = readFileSync(`${MODEL}/model.safetensors`);
      const requests = watch(page);
      const changed = Buffer.from(bytes);
      changed[changed.length - 1]! ^= 1;
      const answers = [
        [
          { body: changed },
          /^model\.safetensors is not the file that the model's card names: it has the SHA-256 [0-9a-f]{12}…/,
        ],
        [
          { body: Buffer.concat([bytes, bytes]) },
          /is not the file that the model's card names: it has more than its 266 KB/,
        ],
        [{ body: bytes.subarray(0, 100_000) }, /^model\.safetensors broke off after 100 KB of 266 KB\. Try again\.$/],
        [{ status: 503 }, /^model\.safetensors could not be fetched: the site answered 503\. Try again later\.$/],
        [undefined, /^model\.safetensors could not be fetched: there is no connection/],
      ] as const;
      for (const [answer, message] of answers) {
        await page.context().route("**/model.safetensors", (route) => (answer ? route.fulfill(answer) : route.abort()));
        expect(await read(page, "Broken.")).toMatch(message);
        expect(await page.locator(".own-form progress").isHidden()).toBe(true);
        await page.context().unroute("**/model.safetensors");
      }
      expect(await read(page, "Whole.")).toContain("6 of at most 64");
      // What had come was not fetched again.
      expect(requests.filter((path) => path.endsWith(".wasm"))).toHaveLength(1);
      expect(requests.filter((path) => path.endsWith("model.safetensors"))).toHaveLength(answers.length + 1);
    }));

  it("a browser without WebAssembly, a page that is not safe", async () => {
    await failing(
      async (page) => expect(await read(page, "Old.")).toMatch(/^This browser cannot run the model/),
      (page) => page.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly")),
    );
    await failing(
      async (page) => expect(await read(page, "Plain.")).toMatch(/only on a page that came over https/),
      (page) => page.addInitScript(() => Object.defineProperty(crypto, "subtle", { value: undefined })),
    );
  });

  it("a server whose policy forbids workers or WebAssembly, a worker that does not come", async () => {
    const withPolicy = (glob: string, policy: string) => (page: Page) =>
      page.context().route(glob, async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
      });
    await failing(
      async (page) => expect(await read(page, "No.")).toMatch(/content-security policy.+forbids workers/),
      withPolicy("**/traces/", "worker-src 'none'"),
    );
    await failing(
      async (page) => {
        const requests = watch(page);
        expect(await read(page, "No.")).toMatch(/content-security policy.+forbids WebAssembly/);
        expect(requests, "nothing is fetched in vain").toEqual([]);
      },
      withPolicy("**/live-worker*.js", "script-src 'self'"),
    );
    await failing(async (page) => {
      await page.context().route("**/live-worker*.js", (route) => route.abort());
      expect(await read(page, "Lost.")).toMatch(/^The worker that computes could not be started/);
      await page.context().unroute("**/live-worker*.js");
      expect(await read(page, "Found.")).toContain("6 of at most 64");
    });
  });

  it("no room in the browser's storage is none: the sentence is read all the same", () =>
    visit(traces, async ({ page }) => {
      const session = await page.context().newCDPSession(page);
      await session.send("Storage.overrideQuotaForOrigin", { origin: site, quotaSize: 1000 });
      expect(await read(page, "No room.")).toContain("8 of at most 64");
      expect(await read(page, "Still none.")).toContain("11 of at most 64");
    }));
});

it("the wiki's own embedded model reads a sentence as the pipeline does", () =>
  visit(`${inject("realSite")}/traces/`, async ({ page }) => {
    const embedded = [...readCards().values()].find((card) => card.embedded)!.id;
    const text = "She looked at the river for an hour, then walked along to the bank and waited.";
    expect(await read(page, text)).toMatch(/^\d+ of at most \d+ tokens/);
    const { schema, id, model, prompt, ...trace } = await traceOf(page);
    expect([schema, id, model, prompt]).toEqual([1, "own-sentence", embedded, text]);
    expectSameTrace(trace, await expected(`public/models/${embedded}`, text));
  }));

it("only the pages that need it may run WebAssembly", () =>
  visit(traces, async ({ page }) => {
    const policy = () => page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content");
    for (const [path, may] of [
      ["/traces/", true],
      ["/search/", true],
      ["/traces/river/", false],
      ["/notes/does-the-invented-quantity-fall/", false],
      ["/", false],
    ] as const) {
      await page.goto(`${site}${path}`);
      expect((await policy())?.includes("'wasm-unsafe-eval'"), path).toBe(may);
    }
  }));

it("a wiki in a folder of its host reads sentences too, from its notes and by its keys", async () => {
  const host = mkdtempSync(join(tmpdir(), "soundings-host-"));
  const environment = { SOUNDINGS_VAULT: "tests/fixtures/vault", SOUNDINGS_SITE: "https://host.example/wiki/" };
  await promisify(execFile)("node", ["node_modules/astro/bin/astro.mjs", "build", "--outDir", join(host, "wiki")], {
    env: { ...process.env, ...environment, ASTRO_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
    maxBuffer: 1 << 26,
  });
  copyFileSync(join(host, "wiki/404.html"), join(host, "404.html"));
  const inside = "https://host.example/wiki/";
  for (const [file, addresses] of [
    ["index.html", /<link rel="canonical" href="([^"]+)|property="og:(?:url|image)" content="([^"]+)/g],
    ["feed.xml", /<link>([^<]+)/g],
    ["changes/feed.xml", /<link>([^<]+)/g],
    ["sitemap-index.xml", /<loc>([^<]+)/g],
    ["sitemap-0.xml", /<loc>([^<]+)/g],
    ["llms.txt", /\]\(([^)]+)/g],
    ["notes/index.md", /\]\((\/[^)]+)/g],
  ] as const) {
    const named = [...readFileSync(join(host, "wiki", file), "utf8").matchAll(addresses)].map((m) => m[1] ?? m[2]!);
    expect(named.length, file).toBeGreaterThan(0);
    for (const address of named)
      expect(new URL(address, inside).href, file).toMatch(/^https:\/\/host\.example\/wiki(\/|$)/);
  }
  const server = await serve(host);
  try {
    await visit(`${server.address}/wiki/notes/does-the-invented-quantity-fall/`, async ({ page }) => {
      const missing: string[] = [];
      page.on("response", (response) => {
        if (response.status() >= 400) missing.push(response.url());
      });
      await page.reload({ waitUntil: "networkidle" });
      await page.locator("#own-text").fill("Below.");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/wiki\/traces\//);
      expect(await ended(page, "Below.")).toContain("6 of at most 64");
      await page.locator(".trace-list a").first().click();
      await page.waitForURL(/\/wiki\/traces\/river\//);
      await page.locator(".toolbar label", { hasText: "Entropy" }).click();
      await shown(() => page.locator(".trace-map td").first().innerText()).toMatch(/^\d+\.\d$/);
      await page.locator("h1").click();
      await page.keyboard.press("g");
      await page.keyboard.press("n");
      await page.waitForURL(/\/wiki\/notes\/$/);
      expect(missing).toEqual([]);
    });
  } finally {
    await server.close();
    rmSync(host, { recursive: true, force: true });
  }
});
