import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { newContext, useBrowser, visit } from "./support/page.ts";
import { kindsOf } from "./support/pages.ts";

useBrowser();
/** Served at `…/wiki` and nowhere else of its host. */
const [site, folder] = [inject("hostileSite"), inject("hostileFolder")];
const ORIGIN = "https://soundings.example";

const texts = (extension: RegExp) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => extension.test(file) && !file.startsWith("pagefind/"))
    .map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") }));

const isThere = (path: string) => {
  const inner = decodeURIComponent(path.replace(/[?#].*$/, "").slice("/wiki".length));
  return path.startsWith("/wiki/") && existsSync(join(folder, inner.endsWith("/") ? `${inner}index.html` : inner));
};

describe("a site in a folder of its host", () => {
  it("has that folder in every address of its pages and styles, and each leads somewhere", () => {
    const lost = new Set<string>();
    for (const { file, text } of texts(/\.(html|css)$/))
      for (const [, attribute, url] of text.matchAll(
        /\s(?:href|src|action|data-(?:card|chart|fragment|sources?))="(\/[^"]*)"|url\("?(\/[^")]+)/g,
      ))
        for (const address of (attribute ?? url ?? "").replaceAll("&amp;", "&").split(" "))
          if (!isThere(address)) lost.add(`${file}: ${address}`);
    expect([...lost]).toEqual([]);
  });

  it("has it in every whole address: canonical, feeds, sitemap, llms.txt, twins, citations", () => {
    const lost = new Set<string>();
    // The 404 page stands for any address, and has none of its own; where the site begins, a host adds the final stroke.
    for (const { file, text } of texts(/(?<!404)\.(html|xml|txt|md|json)$/))
      for (const [, path = ""] of text.matchAll(/https:\/\/soundings\.example(\/[^"'<>\s)\\},&]*)/g))
        if (path !== "/wiki" && !isThere(path)) lost.add(`${file}: ${path}`);
    expect([...lost]).toEqual([]);
    const canonical = texts(/\.html$/).flatMap(({ text }) => /rel="canonical" href="([^"]+)"/.exec(text)?.[1] ?? []);
    expect(canonical.length).toBeGreaterThan(30);
    expect(canonical.filter((address) => !address.startsWith(`${ORIGIN}/wiki/`))).toEqual([]);
  });

  it("finds all that its pages load, in a browser", async () => {
    for (const path of kindsOf(folder))
      await visit(`${site}${path}`, async ({ page, lost }) => {
        await page.waitForLoadState("networkidle");
        expect(lost, path).toEqual([]);
      });
  });

  it("keeps what was read of it, and nothing of its neighbours", async () => {
    const context = await newContext({ serviceWorkers: "allow" });
    try {
      const page = await context.newPage();
      await page.goto(`${site}/notes/does-the-invented-quantity-fall/`);
      const scope = await page.evaluate(async () => (await navigator.serviceWorker.ready).scope);
      expect(scope).toBe(`${site}/`);
      await expect
        .poll(() =>
          page.evaluate(async () =>
            (await (await caches.open("reading pages /wiki/")).keys()).map(({ url }) => new URL(url).pathname),
          ),
        )
        .toContain("/wiki/notes/does-the-invented-quantity-fall/");
      expect((await page.evaluate(() => caches.keys())).filter((name) => !name.endsWith(" /wiki/"))).toEqual([]);
    } finally {
      await context.close();
    }
  });
});
