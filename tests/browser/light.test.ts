import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { describe, expect, inject, it } from "vitest";
import { useBrowser, visit } from "./support/page.ts";
import { kindsOf, pagesOf } from "./support/pages.ts";

useBrowser();

const KIB = 1024;
/** A page of many figures. */
const MODEL = "/models/smollm2-135m/";
const gzipped = (file: string) => gzipSync(readFileSync(file)).length;

/** Paths that a page loads before anyone touches it, by kind of file. */
async function loadedBy(site: string, path: string): Promise<Map<string, string[]>> {
  const paths = new Map<string, string[]>();
  await visit("about:blank#http://localhost", async ({ page, strangers }) => {
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      const kind = extname(pathname);
      paths.set(kind, [...(paths.get(kind) ?? []), pathname]);
    });
    await page.goto(`${site}${path}`, { waitUntil: "networkidle" });
    strangers.length = 0;
  });
  return paths;
}

describe.each([
  ["the invented vault", inject("fixtureSite"), inject("fixtureFolder")],
  ["the wiki", inject("realSite"), inject("realFolder")],
])("%s", (_, site, folder) => {
  const kinds = kindsOf(folder);
  const bytes = (paths: readonly string[] = []) => paths.reduce((sum, path) => sum + gzipped(join(folder, path)), 0);

  it("has no page of a note, line, model, pair of models or experiment of more than 60 KiB of HTML, gzipped", () => {
    const heavy = pagesOf(folder)
      .filter((page) => /^\/(notes|inquiring-lines|models|experiments)\//.test(page))
      .map((page) => ({ page, kib: gzipped(join(folder, page, "index.html")) / KIB }))
      .filter(({ kib }) => kib > 60);
    expect(heavy).toEqual([]);
  });

  it("loads at most 30 KiB of scripts, 20 KiB of styles and 120 KiB of fonts with a note, and nothing else", async () => {
    const note = kinds.find((page) => /^\/notes\/./.test(page))!;
    const loaded = await loadedBy(site, note);
    const { "": pages, ".js": scripts, ".css": styles, ".woff2": fonts, ...others } = Object.fromEntries(loaded);
    expect(pages).toEqual([note]);
    expect(scripts?.length).toBeGreaterThan(1);
    expect(bytes(scripts), scripts?.join(" ")).toBeLessThan(30 * KIB);
    expect(bytes(styles), styles?.join(" ")).toBeLessThan(20 * KIB);
    expect(bytes(fonts), fonts?.join(" ")).toBeLessThan(120 * KIB);
    expect(others).toEqual({});
  });
});

describe("the wiki", () => {
  const [site, folder] = [inject("realSite"), inject("realFolder")];
  const kind = (pattern: RegExp) => kindsOf(folder).find((page) => pattern.test(page))!;

  it.each([1360, 390])("moves nothing while a page comes slowly into a window of %d px", async (width) => {
    const shifts: string[] = [];
    for (const path of ["/", kind(/^\/notes\/./), kind(/^\/inquiring-lines\/./), kind(/^\/traces\/./), MODEL])
      await visit(
        "about:blank#http://localhost",
        async ({ page, strangers }) => {
          await slowly(page);
          await page.goto(`${site}${path}`, { waitUntil: "networkidle" });
          await page.evaluate(async () => {
            for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
              scrollTo(0, y);
              await new Promise((resolve) => requestAnimationFrame(resolve));
            }
          });
          shifts.push(...(await page.evaluate(() => window.shifts)).map((shift) => `${path} ${shift}`));
          strangers.length = 0;
        },
        { viewport: { width, height: 844 } },
      );
    expect(shifts).toEqual([]);
  });

  it("fetches the figures of a model's page as a reader comes near, each into its room", () =>
    visit(`${site}${MODEL}`, async ({ page }) => {
      const later = page.locator("when-near");
      const waiting = page.locator("when-near[data-fragment]");
      const rooms = () =>
        later.evaluateAll((all) => all.map((each) => Math.round(each.getBoundingClientRect().height)));
      await page.waitForLoadState("networkidle");
      const all = await later.count();
      expect(all).toBeGreaterThan(3);
      expect(await waiting.count()).toBeGreaterThan(all - 3);
      const stoodIn = await rooms();
      for (let i = 0; i < all; i++) {
        await later.nth(i).scrollIntoViewIfNeeded();
        await later.nth(i).locator("sound-chart svg.chart:visible").waitFor();
      }
      expect(await waiting.count()).toBe(0);
      expect(await rooms()).toEqual(stoodIn);
      // What came is alive: it can be read with the keyboard, and its table is there.
      expect(await later.last().locator(".depth-slider").count()).toBe(1);
      await later.last().getByText("Table", { exact: true }).click();
      expect(await later.last().locator("table.figure-data tbody tr:visible").count()).toBeGreaterThan(2);
    }));

  it("shows the figures of a model's page as images where no script runs, and says where their tables are", () =>
    visit(
      `${site}${MODEL}`,
      async ({ page }) => {
        const last = page.locator("when-near").last();
        const image = last.locator("img");
        await image.scrollIntoViewIfNeeded();
        await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(200);
        await last.getByText("Table", { exact: true }).click();
        expect(await last.locator("a[href^='/data/']:visible").count()).toBe(1);
      },
      { javaScriptEnabled: false },
    ));

  it("draws its own fonts, and no others than those of the build", () => {
    // Whole fonts are there for a chart that is saved as PNG: fetched when asked for, by no page.
    const whole = /^(inter|source-serif-4)-latin-/;
    const built = readdirSync(join(folder, "_astro")).filter((file) => file.endsWith(".woff2") && !whole.test(file));
    expect(built.map((file) => file.split(".")[0]).sort()).toEqual([
      "mono",
      "sans",
      "serif-italic",
      "serif-names",
      "serif-text",
      "serif-title",
    ]);
    for (const file of built) expect(statSync(join(folder, "_astro", file)).size, file).toBeLessThan(34 * KIB);
  });
});

declare global {
  interface Window {
    /** What moved without being touched: how much, and what. */
    shifts: string[];
  }
}

interface Shift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly sources: readonly { readonly node: Node | null }[];
}

/** A connection on which styles, scripts and fonts come one after the other, and an eye on what moves. */
async function slowly(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 80,
    downloadThroughput: 200 * KIB,
    uploadThroughput: 50 * KIB,
  });
  await page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as Shift[])
        if (!entry.hadRecentInput && entry.value > 0.001)
          window.shifts.push(
            `${entry.value.toFixed(4)} ${entry.sources
              .map(({ node }) => (node instanceof Element ? node.outerHTML : (node?.textContent ?? "")).slice(0, 80))
              .join(" ")}`,
          );
    }).observe({ type: "layout-shift", buffered: true });
  });
}

describe("with scripts off", () => {
  const [site, folder] = [inject("fixtureSite"), inject("fixtureFolder")];

  it.each(kindsOf(folder))(
    "%s has its text, its links and its drawings, and nothing that would need a script",
    (path) => {
      const html = readFileSync(join(folder, path, "index.html"), "utf8");
      return visit(
        `${site}${path}`,
        async ({ page }) => {
          // A choice of view and a graph's key are answered by styles alone.
          const dead = await page
            .locator(":is(button, input, select, textarea):visible:not(.view-switch *, .graph-key *)")
            .all();
          expect(await Promise.all(dead.map((each) => each.evaluate((e) => e.outerHTML.slice(0, 100))))).toEqual([]);
          expect(await page.locator("h1").isVisible()).toBe(true);
          expect((await page.locator("main").innerText()).length).toBeGreaterThan(60);
          expect(await page.locator("a:visible").count()).toBeGreaterThan(8);
          if (html.includes('class="chart"'))
            expect(await page.locator("svg.chart:visible").count()).toBeGreaterThan(0);
          if (html.includes('class="ledger"'))
            expect(await page.locator(".ledger tbody tr").first().isVisible()).toBe(true);
        },
        { javaScriptEnabled: false },
      );
    },
  );
});
