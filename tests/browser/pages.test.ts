import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { useBrowser, visit } from "./support/page.ts";

useBrowser();
const site = inject("fixtureSite");

it("the whole of the data is one archive, as large as the page says", () =>
  visit(`${site}/data/`, async ({ page }) => {
    const link = page.locator('a[href="/data/soundings-data.zip"]');
    expect(await link.getAttribute("download")).toBe("");
    const zip = readFileSync(join(inject("fixtureFolder"), "data/soundings-data.zip"));
    expect(zip.readUInt32LE(0)).toBe(0x04034b50);
    expect(await page.locator(".downloads").innerText()).toContain(`${Math.round(zip.length / 1000)} KB`);
  }));

it("each untested claim stands beside the experiment that would settle it, and its cost", () =>
  visit(`${site}/gaps/`, async ({ page }) => {
    const gaps = page.locator('section[aria-labelledby="untested"] li');
    expect(await gaps.count()).toBeGreaterThan(0);
    for (const text of await gaps.allInnerTexts()) expect(text).toMatch(/cost \S/);
    expect(await page.locator('section[aria-labelledby="undecided"]').innerText()).toMatch(/n = \d/);
  }));

it("a term is shown on a real trace", async () => {
  await visit(`${site}/glossary/`, async ({ page }) => {
    expect(await page.locator("#residual-stream .strip-map rect").count()).toBeGreaterThan(10);
  });
  await visit(`${inject("realSite")}/glossary/`, async ({ page }) => {
    expect(await page.locator("#attention-sink figcaption").innerText()).toContain("last token’s attention");
    expect(await page.locator("#logit-lens .strip-reading").innerText()).toMatch(/stopped at depth 0 .*30 /);
  });
});

it("a source is quoted where a note names it", () =>
  visit(`${inject("realSite")}/sources/lad-2024-stages/`, async ({ page }) => {
    expect(await page.locator(".backlinks blockquote").count()).toBeGreaterThan(0);
  }));

it("on paper, links have their addresses and menus are gone", () =>
  visit(`${site}/inquiring-lines/why-is-everything-invented/`, async ({ page }) => {
    await page.emulateMedia({ media: "print" });
    const after = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((each) => getComputedStyle(each, "::after").content);
    expect(await after(".essay .cite-note")).toContain("/notes/");
    expect(await page.locator("header.top").isVisible()).toBe(false);
    expect(await page.locator(".printed-from").innerText()).toContain("/inquiring-lines/why-is-everything-invented/");
    const pdf = await page.pdf();
    expect(pdf.subarray(0, 5).toString("latin1")).toBe("%PDF-");
  }));

it("notes stand as cards or as a list, for the model that was chosen on another page", () =>
  visit(`${site}/notes/`, async ({ page }) => {
    const summary = page.locator(".switched .card-summary").first();
    await page.getByLabel("List").check();
    expect(await summary.isVisible()).toBe(false);
    await page.locator("model-switch input").nth(1).check();
    expect(page.url()).toContain("model=fixture-b");
    await page.goto(`${site}/inquiring-lines/`);
    expect(page.url()).toContain("model=fixture-b");
  }));

it("every page names a picture that is there", () => {
  const folder = inject("fixtureFolder");
  for (const page of ["", "notes/do-sublayers-write-gently/", "sources/invented-2020-paper/", "data/"]) {
    const html = readFileSync(join(folder, page, "index.html"), "utf8");
    const image = /property="og:image" content="([^"]+)"/.exec(html)![1]!;
    expect(existsSync(join(folder, new URL(image).pathname)), image).toBe(true);
  }
});
