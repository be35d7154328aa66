import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { describe, expect, inject, it } from "vitest";
import { piecesOf } from "../../src/charts/token-text.ts";
import { useBrowser, visit } from "./support/page.ts";

useBrowser();
const site = inject("fixtureSite");
const pair = `${site}/traces/river/`;
const hostile = `${site}/traces/prompt-3/`;

const cell = (page: Page, depth: number, token: number, map = 0) =>
  page.locator(".trace-map").nth(map).locator("tbody tr").nth(depth).locator("td").nth(token);
const focused = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement as HTMLTableCellElement;
    return [(at.parentElement as HTMLTableRowElement).sectionRowIndex, at.cellIndex - 1];
  });

describe("a trace's heat map", () => {
  it("is one stop of the keyboard, and arrows, Home and End walk through it", () =>
    visit(pair, async ({ page }) => {
      expect(await page.locator('.trace-map td[tabindex="0"]').count()).toBe(2);
      await cell(page, 0, 0).focus();
      for (const [key, at] of [
        ["ArrowDown", [1, 0]],
        ["ArrowRight", [1, 1]],
        ["ArrowRight", [1, 2]],
        ["ArrowUp", [0, 2]],
        ["ArrowUp", [0, 2]],
        ["End", [0, 11]],
        ["ArrowRight", [0, 11]],
        ["Home", [0, 0]],
        ["Control+End", [12, 11]],
        ["ArrowLeft", [12, 10]],
        ["PageUp", [7, 10]],
        ["Control+Home", [0, 0]],
      ] as const) {
        await page.keyboard.press(key);
        await page
          .waitForFunction(
            ([row, column]) => {
              const now = document.activeElement as HTMLTableCellElement;
              return (now.parentElement as HTMLTableRowElement).sectionRowIndex === row && now.cellIndex - 1 === column;
            },
            at,
            { timeout: 3000 },
          )
          .catch(() => {});
        expect(await focused(page), key).toEqual(at);
        expect(await page.locator(".trace-map").first().locator('td[tabindex="0"]').count()).toBe(1);
      }
    }));

  it("says each cell by its name", () =>
    visit(pair, async ({ page }) => {
      await cell(page, 4, 7).focus();
      await page.waitForFunction(() => document.activeElement?.hasAttribute("aria-label"));
      expect(await cell(page, 4, 7).getAttribute("aria-label")).toMatch(
        /^Depth 4, after “river” \(in the text “bank”\): “.+”.*, probability [<>\d. ]+$/,
      );
      expect(await page.locator(".trace-map").first().getAttribute("role")).toBe("grid");
    }));

  it("opens a cell with Enter: the likeliest tokens, the figures, its pair at the same place; Escape goes back", () =>
    visit(pair, async ({ page }) => {
      await cell(page, 11, 8).focus();
      await page.keyboard.press("Enter");
      const panel = page.locator(".cell-panel");
      await panel.waitFor();
      expect(await panel.locator(".cell-view").count()).toBe(2);
      const first = panel.locator(".cell-view").first();
      const trace = (await (await page.request.get(`${site}/artifacts/fixture-a/traces/traces/river.json`)).json()) as {
        top: [number, number][][][];
        vocabulary: Record<string, string>;
        kl: number[][];
      };
      const shown = await first.locator(".top-k .token").allInnerTexts();
      expect(shown).toHaveLength(5);
      const [id] = trace.top[11]![8]![0]!;
      expect(shown[0]).toBe(
        piecesOf(trace.vocabulary[String(id)]!)
          .map(({ text }) => text)
          .join(""),
      );
      expect(await first.locator(".cell-facts").innerText()).toContain(`${trace.kl[11]![8]!.toPrecision(3)} nats`);
      await page.keyboard.press("ArrowDown");
      await page.waitForFunction(() => document.querySelector(".cell-view h3")?.textContent?.includes("depth 12"));
      await page.keyboard.press("Escape");
      await panel.waitFor({ state: "detached" });
      expect(await focused(page)).toEqual([12, 8]);
    }));

  it("opens a cell with a click, and shows where each head reads", () =>
    visit(pair, async ({ page }) => {
      await cell(page, 10, 5).click();
      await page.locator(".cell-panel summary").first().click();
      const heads = page.locator(".cell-view").first().locator(".heads");
      await heads.waitFor();
      expect(await heads.locator("tbody tr").count()).toBe(3);
      expect(await heads.locator("tbody tr").first().locator("td").count()).toBe(6);
      expect(await page.locator(".cell-view").nth(1).locator(".heads").count()).toBe(1);
    }));

  it("switches to every other quantity", () =>
    visit(pair, async ({ page }) => {
      const before = await cell(page, 10, 3).innerText();
      for (const [label, pattern] of [
        ["KL to the end", /^\d+\.\d$/],
        ["Entropy", /^\d+\.\d$/],
        ["Rank of the next", /^\d/],
        ["Attention write", /^0\.\d\d$/],
        ["MLP write", /^0\.\d\d$/],
      ] as const) {
        await page.locator(".toolbar label", { hasText: label }).click();
        await page.waitForFunction(
          (source) =>
            new RegExp(source).test(
              document.querySelector(".trace-map tbody tr:nth-child(11) td:nth-child(5)")?.textContent ?? "",
            ),
          pattern.source,
        );
        expect(await cell(page, 10, 3).innerText(), label).toMatch(pattern);
      }
      expect(await cell(page, 0, 3).innerText()).toBe("");
      await page.locator(".toolbar label", { hasText: "Top token" }).click();
      await expect.poll(() => cell(page, 10, 3).innerText()).toBe(before);
    }));

  it("shows hostile tokens as text", () =>
    visit(hostile, async ({ page }) => {
      expect(await page.title()).toContain("Trace:");
      expect(await page.locator(".trace-map thead").innerText()).toMatch(/<.*b/s);
      await page.locator(".toolbar label", { hasText: "Entropy" }).click();
      await page.locator(".toolbar label", { hasText: "Top token" }).click();
      expect(await page.locator(".trace-map b, .trace-map script").count()).toBe(0);
      const cells = (await page.locator(".trace-map tbody").innerText()).replaceAll("\n", " ");
      expect(cells).toContain("<script>");
      expect(await page.evaluate(() => document.title)).not.toBe("broken");
    }));

  it("says so when the trace can't be fetched, and works when it can again", async () => {
    await visit(pair, async ({ page, errors }) => {
      await page.route("**/traces/traces/*.json", (route) => route.fulfill({ status: 500, body: "" }));
      await page.locator(".toolbar label", { hasText: "Entropy" }).click();
      await expect.poll(() => page.locator(".key-about").innerText()).toMatch(/could not be fetched \(500/);
      await page.unroute("**/traces/traces/*.json");
      await page.locator(".toolbar label", { hasText: "MLP write" }).click();
      await expect.poll(() => cell(page, 5, 3).innerText()).toMatch(/^0\.\d\d$/);
      errors.length = 0;
    });
  });

  it("is a plain table of words without scripts", () =>
    visit(
      pair,
      async ({ page }) => {
        expect(await page.locator(".trace-map tbody tr").count()).toBe(26);
        expect(await cell(page, 12, 2).innerText()).toMatch(/\S/);
        expect(await page.locator(".toolbar:visible").count()).toBe(0);
        expect(await page.locator(".trace-map th[scope=row]").nth(12).innerText()).toBe("12");
      },
      { javaScriptEnabled: false },
    ));

  it("keeps its depths in sight on a phone", () =>
    visit(
      pair,
      async ({ page }) => {
        await page
          .locator(".map-scroll")
          .first()
          .evaluate((frame) => frame.scrollTo({ left: 200 }));
        const depth = (await page.locator(".trace-map th[scope=row]").first().boundingBox())!;
        expect(depth.x).toBeGreaterThanOrEqual(0);
        expect(depth.x).toBeLessThan(60);
      },
      { viewport: { width: 390, height: 800 } },
    ));

  it.each(["light", "dark"] as const)(
    "has no accessibility violation in the %s, with every ground and the panel open",
    (colorScheme) =>
      visit(
        pair,
        async ({ page }) => {
          await cell(page, 11, 6).click();
          await page.locator(".cell-panel summary").first().click();
          await page.locator(".heads").first().waitFor();
          for (const label of ["Top token", "Rank of the next"]) {
            await page.locator(".toolbar label", { hasText: label }).click();
            const { violations } = await new AxeBuilder({ page }).analyze();
            expect(
              violations.map(
                ({ id, nodes }) =>
                  `${id}: ${nodes
                    .map((n) => `${n.html} ${n.failureSummary}`)
                    .slice(0, 2)
                    .join(" ")}`,
              ),
            ).toEqual([]);
          }
        },
        { colorScheme },
      ),
  );
});
