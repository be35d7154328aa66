import { expect, inject, it } from "vitest";
import { useBrowser, visit } from "./support/page.ts";

useBrowser();
const site = inject("fixtureSite");
const line = `${site}/inquiring-lines/why-is-everything-invented/`;

it("a cited note shows its card under the pointer, and takes it away", () =>
  visit(line, async ({ page }) => {
    await page.locator(".essay .cite-note").first().hover();
    const card = page.locator("hover-card");
    await card.waitFor();
    expect(await card.innerText()).toContain("It does on the invented model");
    expect(await card.locator("[data-verdict]").count()).toBe(2);
    expect(await card.locator("svg").count()).toBeGreaterThan(2);
    await page.mouse.move(5, 5);
    await card.waitFor({ state: "detached" });
  }));

it("the pointer may move into the card", () =>
  visit(line, async ({ page }) => {
    await page.locator(".essay .cite-note").first().hover();
    const card = page.locator("hover-card");
    await card.waitFor();
    await card.hover();
    await page.waitForTimeout(400);
    expect(await card.count()).toBe(1);
  }));

it("the keyboard opens it by focus and closes it by Escape", () =>
  visit(line, async ({ page }) => {
    const link = page.locator(".essay .cite-note").first();
    await page.locator(".margin-verdict a").first().focus();
    for (let i = 0; i < 30 && !(await link.evaluate((each) => each === document.activeElement)); i++)
      await page.keyboard.press("Shift+Tab");
    await page.locator("hover-card").waitFor();
    expect(await link.getAttribute("aria-describedby")).toBe("hover-card");
    await page.keyboard.press("Escape");
    expect(await page.locator("hover-card").count()).toBe(0);
    expect(await link.getAttribute("aria-describedby")).toBeNull();
  }));

it("a claim's sentence shows the claim's card", () =>
  visit(line, async ({ page }) => {
    await page.locator("#claim-beyond-chance").hover();
    await page.locator("hover-card").waitFor();
    expect(await page.locator("hover-card").innerText()).toContain("confounded");
  }));

it("a card stays inside a narrow window", () =>
  visit(
    line,
    async ({ page }) => {
      await page.locator(".essay .cite-note").nth(1).hover();
      const card = page.locator("hover-card");
      await card.waitFor();
      const box = (await card.boundingBox())!;
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(420);
    },
    { viewport: { width: 420, height: 800 } },
  ));

it("sources, terms, experiments, models and lines have cards of their own", () =>
  visit(line, async ({ page }) => {
    const shows = async (address: string, link: string, words: RegExp) => {
      await page.goto(`${site}${address}`);
      await page.locator(`main ${link}`).first().hover();
      await page.locator("hover-card").waitFor();
      expect(await page.locator("hover-card").innerText(), link).toMatch(words);
    };
    await shows(
      "/notes/does-the-invented-quantity-fall/",
      '.sources a[href^="/sources/"]',
      /citation checks?: .*states it/,
    );
    await shows("/notes/does-the-invented-quantity-fall/", '.claim-links a[href^="/experiments/"]', /Controls: /);
    await shows("/experiments/invented-lens/", '.verdict-list a[href^="/notes/"]', /From: /);
    await shows("/sources/invented-2020-paper/", '.topics-line a[href^="/topics/"]', /synthesis note/);
    await shows("/data/", 'td a[href^="/models/"]', /M parameters · /);
    await shows("/inquiring-lines/why-is-everything-invented/", '.steps a[href^="/inquiring-lines/"]', /This explores/);
  }));
