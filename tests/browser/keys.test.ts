import { expect, inject, it } from "vitest";
import { useBrowser, visit } from "./support/page.ts";

useBrowser();
const site = inject("fixtureSite");

it("/ puts the cursor into the search page's own field, where it is a character like any other", () =>
  visit(`${site}/search/`, async ({ page }) => {
    await page.locator("h1").click();
    await page.keyboard.press("/");
    await page.waitForFunction(() => document.activeElement?.getAttribute("type") === "search");
    await page.keyboard.type("a/b");
    expect(await page.getByRole("searchbox").inputValue()).toBe("a/b");
  }));

it("g and a letter go to a part of the site", () =>
  visit(`${site}/`, async ({ page }) => {
    await page.keyboard.press("g");
    await page.keyboard.press("n");
    await page.waitForURL("**/notes/");
  }));

it("a letter alone goes nowhere", () =>
  visit(`${site}/`, async ({ page }) => {
    await page.keyboard.press("n");
    await page.waitForTimeout(200);
    expect(new URL(page.url()).pathname).toBe("/");
  }));

it("the first Tab reaches a link that skips to the text", () =>
  visit(`${site}/notes/`, async ({ page }) => {
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the text");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.hash === "#main");
  }));

it("the theme follows the system until the reader chooses, and is kept", () =>
  visit(
    `${site}/`,
    async ({ page }) => {
      const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(await ground()).toBe("rgb(20, 21, 23)");
      await page.getByRole("button", { name: "Dark" }).click();
      expect(await ground()).toBe("rgb(252, 251, 248)");
      await page.goto(`${site}/about/`);
      expect(await ground()).toBe("rgb(252, 251, 248)");
    },
    { colorScheme: "dark" },
  ));

it("a page that isn't there suggests the nearest ones", () =>
  visit(`${site}/notes/do-sublayers-write-gentle/`, async ({ page, errors }) => {
    // The 404 itself is what the console reports.
    errors.splice(0);
    await page.locator("nearest-pages li:first-child", { hasText: "Do sublayers write gently?" }).waitFor();
    await page.locator('nearest-pages a[href*="/search/?q="]').waitFor();
  }));
