import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { describe, expect, inject, it } from "vitest";
import { useBrowser, visit } from "./support/page.ts";

useBrowser();
const site = inject("fixtureSite");
const note = `${site}/notes/do-sublayers-write-gently/`;

const palette = (page: Page) => page.getByRole("dialog", { name: "Search and commands" });
/** The lines of the list; the filters have options too. */
const lines = (page: Page) => palette(page).getByRole("listbox", { name: "Results and commands" }).getByRole("option");
/** A browser passes no key on before it has painted. */
const painted = (page: Page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
const open = async (page: Page, key = "/") => {
  await painted(page);
  await page.keyboard.press(key);
  await palette(page).waitFor();
};
const patience = { timeout: 15_000 };
const type = async (page: Page, text: string) => {
  await page.keyboard.type(text);
  await expect.poll(() => palette(page).getByRole("status").innerText(), patience).toMatch(/result|Nothing/);
};
const marked = (page: Page) =>
  page.evaluate(() => {
    const id = document.querySelector("dialog [role=combobox]")?.getAttribute("aria-activedescendant");
    return id ? (document.getElementById(id)?.textContent ?? "") : "";
  });

describe("the palette", () => {
  it("loads nothing before it is opened", () =>
    visit(note, async ({ page }) => {
      const asked: string[] = [];
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      await page.reload({ waitUntil: "networkidle" });
      expect(asked.filter((path) => /pagefind|palette|search/.test(path))).toEqual([]);
      await open(page);
      await expect.poll(() => asked.some((path) => path.includes("/pagefind/")), patience).toBe(true);
    }));

  it.each(["/", "Control+k"])("opens with %s, keeps the focus, and gives it back on Escape", (key) =>
    visit(note, async ({ page }) => {
      const toggle = page.locator("theme-toggle button");
      await toggle.focus();
      await open(page, key);
      const focused = () => page.evaluate(() => document.activeElement?.getAttribute("role") ?? "");
      expect(await focused()).toBe("combobox");
      for (let i = 0; i < 12; i++) {
        await page.keyboard.press("Tab");
        expect(await page.evaluate(() => !document.activeElement?.closest("main, header, footer"))).toBe(true);
      }
      await page.keyboard.press("Escape");
      expect(await palette(page).count()).toBe(0);
      expect(await toggle.evaluate((button) => button === document.activeElement)).toBe(true);
    }),
  );

  it("keeps what is typed while it is still on its way", () =>
    visit(note, async ({ page }) => {
      await page.route("**/search-options.json", async (route) => {
        await new Promise((resolve) => setTimeout(resolve, 400));
        await route.continue();
      });
      await painted(page);
      await page.keyboard.type("/gnx");
      await page.keyboard.press("Backspace");
      await palette(page).waitFor();
      await page.keyboard.type("o");
      expect(await palette(page).getByRole("combobox", { name: "Search for" }).inputValue()).toBe("gno");
      expect(page.url()).toBe(note);
    }));

  it("opens by the link in the head, which leads to the search page without a script", () =>
    visit(note, async ({ page }) => {
      const link = page.getByRole("navigation", { name: "Parts of the site" }).getByRole("link", { name: "Search" });
      expect(await link.getAttribute("href")).toBe("/search/");
      await link.click();
      await palette(page).waitFor();
      await palette(page).getByRole("button", { name: "Close" }).click();
      expect(await palette(page).count()).toBe(0);
    }));

  it("finds while one types: kind, verdict, excerpt; arrows and Enter lead there", () =>
    visit(note, async ({ page }) => {
      await open(page);
      await type(page, "crowd early");
      await expect.poll(() => lines(page).count(), patience).toBeGreaterThan(1);
      const claim = lines(page)
        .filter({ has: page.locator(".hit-kind", { hasText: "claim" }) })
        .first();
      expect(await claim.locator(".hit-title").innerText()).toBe("Units of many meanings crowd the early blocks");
      expect(await claim.innerText()).toMatch(/mixed/);
      expect(await claim.locator("mark").first().innerText()).toMatch(/crowd|early/i);
      expect(await marked(page)).toBe(await lines(page).first().textContent());
      await page.keyboard.press("ArrowDown");
      expect(await marked(page)).toBe(await lines(page).nth(1).textContent());
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("ArrowUp");
      // Round the end.
      expect(await marked(page)).toBe(await lines(page).last().textContent());
      const title = await claim.getAttribute("href");
      const at = await lines(page).evaluateAll(
        (all, href) => all.findIndex((a) => a.getAttribute("href") === href),
        title,
      );
      for (let i = 0; i <= at; i++) await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.waitForURL(`**${title}`);
    }));

  it("narrows by kind, verdict and model, and hands all of it to the search page", () =>
    visit(note, async ({ page }) => {
      await open(page);
      await palette(page).getByLabel("Kind").selectOption("claim");
      await palette(page).getByLabel("Verdict").selectOption("mixed");
      await palette(page).getByLabel("Model").selectOption("fixture-a");
      await expect.poll(() => palette(page).getByRole("status").innerText(), patience).toBe("1 result");
      expect(await lines(page).locator(".hit-title").allInnerTexts()).toEqual([
        "Units of many meanings crowd the early blocks",
      ]);
      await palette(page).getByLabel("Verdict").selectOption("");
      await palette(page).getByLabel("Kind").selectOption("");
      await palette(page).getByLabel("Model").selectOption("");
      await palette(page).getByRole("combobox", { name: "Search for" }).focus();
      await type(page, "invented");
      await page.getByRole("option", { name: /All \d+ results/ }).click();
      await page.waitForURL("**/search/?q=invented");
    }));

  it("knows the pages read last, and forgets them when told", () =>
    visit(note, async ({ page }) => {
      await page.goto(`${site}/notes/is-the-middle-undecided/`);
      await open(page);
      const recent = palette(page).getByRole("group", { name: "Read last" });
      expect(await recent.getByRole("option").allInnerTexts()).toEqual([
        expect.stringContaining("Do sublayers write gently?"),
      ]);
      await page.keyboard.type(">forget");
      await page.keyboard.press("Enter");
      expect(await palette(page).getByRole("status").innerText()).toBe("Forgotten.");
      await page.keyboard.press("Escape");
      await open(page);
      expect(await recent.count()).toBe(0);
    }));

  it("switches the model and the theme", () =>
    visit(note, async ({ page }) => {
      await open(page);
      await page.keyboard.type(">fixture b");
      await page.keyboard.press("Enter");
      expect(await palette(page).getByRole("status").innerText()).toBe("Fixture B is shown for this visit.");
      await page.keyboard.type(">dark");
      await page.keyboard.press("Enter");
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(20, 21, 23)");
      await page.keyboard.press("Escape");
      expect(await page.locator("theme-toggle button").getAttribute("aria-pressed")).toBe("true");
      await page.goto(`${site}/notes/does-the-invented-quantity-fall/`);
      expect(await page.getByRole("radio", { name: "Fixture B" }).isChecked()).toBe(true);
    }));

  it("goes to a part of the site by its name", () =>
    visit(note, async ({ page }) => {
      await open(page);
      await type(page, "go to gaps");
      await page.getByRole("option", { name: "Gaps" }).click();
      await page.waitForURL("**/gaps/");
    }));

  it.each(["light", "dark"] as const)("is accessible in the %s, empty and with results, on a phone", (colorScheme) =>
    visit(
      note,
      async ({ page }) => {
        await open(page);
        const faults = async () =>
          (await new AxeBuilder({ page }).include("dialog").analyze()).violations.map(
            ({ id, nodes }) => `${id}: ${nodes[0]?.html}`,
          );
        expect(await faults()).toEqual([]);
        await type(page, "invented");
        await lines(page).locator(".hit-title").first().waitFor();
        expect(await faults()).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      },
      { colorScheme, viewport: { width: 390, height: 800 } },
    ),
  );
});
