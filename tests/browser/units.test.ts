import { AxeBuilder } from "@axe-core/playwright";
import { describe, expect, inject, it } from "vitest";
import { useBrowser, visit } from "./support/page.ts";

useBrowser();
const site = inject("fixtureSite");
const list = `${site}/units/fixture-a/1/`;

describe("units of a block", () => {
  it("are a list without scripts, with scores, where each fires and what it raises", () =>
    visit(
      list,
      async ({ page }) => {
        expect(await page.locator("table.units tbody tr").count()).toBe(8);
        const row = page.locator("#unit-11");
        expect(await row.locator("td").allInnerTexts()).toEqual([
          "2.0\u202f%",
          "0.81",
          "0.88",
          "0.70",
          expect.stringContaining("<img·src=x·onerror=alert(1)>"),
          expect.stringContaining("<script>"),
        ]);
      },
      { javaScriptEnabled: false },
    ));

  it("open to their contexts, coloured by activation, with tokens as text alone; fetched once, when the first opens", () =>
    visit(list, async ({ page }) => {
      const fetched: string[] = [];
      page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
      const button = page.locator("#unit-11 th a");
      await button.click();
      const view = page.locator(".unit-view");
      await view.waitFor();
      expect(new URL(page.url()).hash).toBe("#unit-11");
      expect(await view.locator(".unit-context").count()).toBe(3);
      const at = view.locator(".unit-context").first().locator(".at");
      expect(await at.textContent()).toBe("<img·src=x·onerror=alert(1)>");
      expect(await at.getAttribute("class")).toContain("g16");
      expect(await view.locator(".unit-context").first().locator(".g6").count()).toBe(1);
      expect(await view.locator(".unit-context").first().locator(".against").count()).toBe(1);
      expect(await page.locator(".unit-view :is(img, b, script)").count()).toBe(0);
      await button.click();
      expect(await view.count()).toBe(0);
      await page.locator("#unit-21 th a").focus();
      await page.keyboard.press("Enter");
      await view.waitFor();
      expect(fetched.filter((path) => path.endsWith("/units/1.json"))).toHaveLength(1);
    }));

  it("have permalinks, and a neighbour's opens it there", () =>
    visit(`${list}#unit-31`, async ({ page }) => {
      const near = page.locator(".unit-view dd a").first();
      await near.waitFor();
      expect(await near.getAttribute("href")).toBe("/units/fixture-a/2/#unit-32");
      await near.click();
      await page.locator("#unit-32 + .unit-open .unit-view").waitFor();
    }));

  it("say so where their contexts can't be fetched, and can be asked again", () =>
    visit(list, async ({ page, errors }) => {
      await page.route("**/units/1.json", (route) => route.abort());
      await page.locator("#unit-1 th a").click();
      await page.locator("[role=status]", { hasText: "could not be fetched" }).waitFor();
      await page.unroute("**/units/1.json");
      await page.locator("#unit-1 th a").click();
      await page.locator(".unit-view").waitFor();
      errors.length = 0;
    }));

  it.each(["light", "dark"] as const)("are accessible in the %s with one open, and fit a phone", (colorScheme) =>
    visit(
      `${list}#unit-11`,
      async ({ page }) => {
        await page.locator(".unit-view").waitFor();
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html).slice(0, 3)])).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      },
      { colorScheme, viewport: { width: 390, height: 844 } },
    ),
  );
});

describe("the search by token", () => {
  it("finds units that fire at a token and those that raise it, from a piece of the index", () =>
    visit(`${site}/units/`, async ({ page }) => {
      const fetched: string[] = [];
      page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
      const field = page.getByRole("searchbox");
      await field.fill(" Bank");
      const results = page.locator(".unit-search-results li");
      await results.first().waitFor();
      expect(await results.count()).toBe(12);
      expect(await results.first().textContent()).toBe("block 0, unit 0 fires there");
      await field.fill("w1x1");
      await page.locator(".unit-search-status", { hasText: "1 unit goes with “w1x1”" }).waitFor();
      expect(await results.textContent()).toBe("block 1, unit 11 raises it");
      await field.fill("constructor");
      await page.locator(".unit-search-status", { hasText: "0 units go with “constructor”" }).waitFor();
      expect(fetched.filter((path) => path.includes("/words/"))).toEqual([
        "/units/fixture-a/words/b.json",
        "/units/fixture-a/words/w.json",
      ]);
    }));
});
