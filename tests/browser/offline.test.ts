import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { newContext, useBrowser } from "./support/page.ts";
import { type Site, serve } from "./support/server.ts";

useBrowser();

const LINE = "/inquiring-lines/why-is-everything-invented/";
/** The invented vault, built, and built again with another heading. */
const before = inject("fixtureFolder");
let after: string;

beforeAll(() => {
  after = mkdtempSync(join(tmpdir(), "soundings-after-"));
  cpSync(before, after, { recursive: true });
  const page = join(after, LINE, "index.html");
  const html = readFileSync(page, "utf8");
  const changed = html.replace(/<h1[^>]*>/, "$&Measured again: ");
  expect(changed).not.toBe(html);
  writeFileSync(page, changed);
});

afterAll(() => rmSync(after, { recursive: true, force: true }));

/** A reader with a fresh browser at a site that can be taken away, slowed down and built again. */
async function reading(use: (page: Page, site: Site, again: () => Promise<void>) => Promise<void>): Promise<void> {
  let site = await serve(before);
  const context = await newContext({ serviceWorkers: "allow" });
  const again = async () => {
    site = await serve(before, { port: Number(new URL(site.address).port) });
  };
  try {
    await use(await context.newPage(), site, again);
  } finally {
    await context.close();
    await site.close();
  }
}

/** Waits until the browser has kept the page that it shows. */
const kept = (page: Page) =>
  expect
    .poll(
      () =>
        page.evaluate(async () => {
          const cache = await caches.open("reading pages /");
          const parts = await caches.open("reading parts /");
          const wanted = [...document.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")];
          const found = await Promise.all([
            navigator.serviceWorker.controller,
            cache.match(location.origin + location.pathname),
            ...wanted.map(({ href }) => parts.match(href)),
          ]);
          return found.every(Boolean);
        }),
      { timeout: 30_000 },
    )
    .toBe(true);

const notice = (page: Page) => page.locator(".kept-copy");

it("what was read once can be read again without the site, and says that it is a copy, and of when", () =>
  reading(async (page, site) => {
    await page.goto(site.address + LINE);
    await kept(page);
    expect(await notice(page).count(), "the site was there").toBe(0);
    const ink = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const now = Date.now();
    await site.close();
    await page.reload();
    expect(await notice(page).innerText()).toMatch(
      /^This is your browser’s copy of \d{1,2} \w+ 20\d\d at \d\d:\d\d, since the site cannot be reached\. Verdicts and figures may have changed\. Load the page again$/,
    );
    const date = await notice(page).locator("time").getAttribute("datetime");
    expect(Math.abs(Date.parse(date!) - now)).toBeLessThan(60_000);
    expect(await page.locator(".ledger tbody tr").count()).toBe(7);
    expect(await page.locator(".essay figure svg").first().isVisible()).toBe(true);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(ink);
    expect(await page.getByRole("button", { name: "Dark", exact: true }).count(), "its scripts run").toBe(1);
    // A query changes nothing of what a static site answers.
    await page.goto(`${site.address}${LINE}?model=fixture-b#claim-gentle`);
    expect(await page.getByRole("radio", { name: "Fixture B" }).isChecked()).toBe(true);
    // Of a page that was never read there is no copy; what there is, is listed.
    await page.goto(`${site.address}/notes/do-sublayers-write-gently/`);
    expect(await page.locator("h1").innerText()).toBe("The site cannot be reached, and there is no copy of this page");
    const links = page.locator("[data-kept] a");
    expect(await links.allInnerTexts()).toEqual([
      "Why is everything invented in the early blocks of this fixture? · Soundings",
    ]);
    await links.first().click();
    expect(await notice(page).count()).toBe(1);
  }));

it("a new build is shown as soon as it is there, never the copy of the old one", () =>
  reading(async (page, site) => {
    const heading = () => page.locator("h1").innerText();
    await page.goto(site.address + LINE);
    await kept(page);
    site.folder = after;
    await page.goto(site.address + LINE);
    expect(await heading()).toMatch(/^Measured again/);
    expect(await notice(page).count()).toBe(0);
    await kept(page);
    await expect
      .poll(() =>
        page.evaluate(async () =>
          (await (await caches.match(location.href, { cacheName: "reading pages /" }))!.text()).includes(
            "Measured again",
          ),
        ),
      )
      .toBe(true);
    await site.close();
    await page.reload();
    expect(await heading(), "the copy is the newest that was seen").toMatch(/^Measured again/);
    expect(await notice(page).count()).toBe(1);
  }));

it("a site that is slow is not waited for, and what it says at last is told", () =>
  reading(async (page, site) => {
    await page.goto(site.address + LINE);
    await kept(page);
    for (const [folder, words] of [
      [before, /The site has answered since: the page is the same there\.$/],
      [after, /^The site has answered since, and has another version of this page\. Load the page again$/],
    ] as const) {
      site.folder = folder;
      site.delay = 4500;
      await page.goto(site.address + LINE, { waitUntil: "commit" });
      await notice(page).waitFor();
      expect(await notice(page).innerText()).toContain("since the site has not answered yet.");
      expect(await page.locator("h1").innerText()).not.toMatch(/^Measured again/);
      await expect.poll(() => notice(page).innerText(), { timeout: 15_000 }).toMatch(words);
      site.delay = 0;
    }
    await notice(page).getByRole("link").click();
    await expect.poll(() => page.locator("h1").innerText()).toMatch(/^Measured again/);
    expect(await notice(page).count()).toBe(0);
  }));

it("a site that fails gives way to the copy, one that has taken a page away does not", () =>
  reading(async (page, site) => {
    await page.goto(site.address + LINE);
    await kept(page);
    site.failing = 503;
    await page.reload();
    expect(await notice(page).innerText()).toContain("since the site answers with an error.");
    site.failing = 404;
    await page.reload();
    expect(await page.locator("h1").innerText()).toBe("Failing");
    await site.close();
    await page.reload();
    expect(await page.locator("h1").innerText(), "nor its copy").toContain("there is no copy of this page");
  }));

it("a part that comes from the copy, in a page that came from the site, is told too", () =>
  reading(async (page, site) => {
    const address = `${site.address}/traces/river/`;
    await page.goto(address);
    await kept(page);
    const cell = page.locator(".trace-map tbody td").nth(4);
    await cell.click();
    await page.locator(".cell-panel").waitFor();
    await page.reload();
    await site.close();
    await page.locator(".trace-map tbody td").nth(4).click();
    await page.locator(".cell-panel").waitFor();
    expect(await notice(page).innerText()).toMatch(
      /^The site cannot be reached\. Parts of this page are your browser’s copy of /,
    );
  }));

it("leaves the model's own files to their keeper: a sentence is read without the site", () =>
  reading(async (page, site) => {
    const read = async (text: string) => {
      await page.locator("#own-text").fill(text);
      await page.locator(".own-form button").click();
      await expect.poll(() => page.locator(".own-result q").textContent(), { timeout: 90_000 }).toBe(text);
    };
    await page.goto(`${site.address}/traces/`);
    await kept(page);
    await page.reload();
    await read("Once.");
    await site.close();
    await page.reload();
    expect(await notice(page).count()).toBe(1);
    await read("And again.");
    const addresses = await page.evaluate(async () => {
      const names = await caches.keys();
      const found = await Promise.all(
        names.map(async (name) => [name, (await (await caches.open(name)).keys()).map(({ url }) => url)]),
      );
      return Object.fromEntries(found) as Record<string, string[]>;
    });
    expect(Object.keys(addresses).sort()).toEqual(["reading pages /", "reading parts /", "soundings /models/"]);
    expect(addresses["soundings /models/"]).toHaveLength(4);
    expect(addresses["reading parts /"]!.filter((url) => /\/models\/|\.wasm$/.test(url))).toEqual([]);
  }));
