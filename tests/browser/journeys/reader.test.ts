import { text } from "node:stream/consumers";
import { expect, inject, it } from "vitest";
import { picturesOf } from "../support/journey.ts";
import { useBrowser, visit } from "../support/page.ts";

useBrowser();
const site = inject("realSite");
const picture = picturesOf("reader");

it("a reader goes from the question of the day to its notes, a chart, a source, a trace, and cites the page", () =>
  visit(
    `${site}/`,
    async ({ page }) => {
      await picture(page, "home");
      // The line whose verdicts moved last.
      await page.locator(".today a[href^='/inquiring-lines/']").first().click();
      await page.waitForURL("**/inquiring-lines/*/");
      const question = await page.locator("h1").innerText();
      expect(question).toMatch(/\?$/);
      expect(await page.locator(".ledger [data-verdict]").count()).toBeGreaterThan(2);
      await picture(page, "line");

      // A verdict stands beside the sentence; a cited note shows its card.
      const cited = page.locator(".essay .cite-note").first();
      await cited.scrollIntoViewIfNeeded();
      expect(await page.locator(".essay .margin-verdict:visible").count()).toBeGreaterThan(0);
      await cited.hover();
      await page.locator("hover-card").waitFor();
      await picture(page, "card");
      await page.keyboard.press("Escape");
      await cited.click();
      await page.waitForURL("**/notes/*/");

      // The note's claims: prediction, estimate, verdict; its chart answers at a depth.
      expect(await page.locator(".claim-block, [id] > .claim-verdict").count()).toBeGreaterThan(0);
      await picture(page, "note");
      const chart = page.locator("sound-chart:visible").first();
      await chart.scrollIntoViewIfNeeded();
      const slider = page.locator("figure.figure:visible .depth-slider").first();
      await slider.focus();
      await page.keyboard.press("ArrowRight");
      await expect.poll(() => slider.getAttribute("aria-valuetext"), { timeout: 30_000 }).toMatch(/\d/);
      await picture(page, "chart", slider);

      // A table stands behind it, and goes along.
      const figure = page.locator("figure.figure:visible", { has: page.locator(".depth-slider") }).first();
      await figure.locator(".figure-table summary").click();
      expect(await figure.locator(".figure-table table tbody tr").count()).toBeGreaterThan(3);
      const waiting = page.waitForEvent("download");
      await figure.getByRole("link", { name: "CSV" }).first().click();
      const csv = await text(await (await waiting).createReadStream());
      expect(csv.split("\r\n").length).toBeGreaterThan(5);

      // How to cite it.
      await page.getByText("BibTeX", { exact: true }).last().click();
      expect(await page.locator(".cite pre:visible").first().innerText()).toMatch(/^@\w+\{/);
      await picture(page, "cite", page.locator(".cite pre:visible").first());

      // What a source says of it.
      await page.locator("main .sources a[href^='/sources/']").first().click();
      await page.waitForURL("**/sources/*/");
      expect(await page.locator("main a[href^='/notes/']").count()).toBeGreaterThan(0);
      await picture(page, "source");

      // A sentence, read at every depth.
      await page.getByRole("navigation", { name: "Parts of the site" }).getByRole("link", { name: "Traces" }).click();
      await page.locator("main a[href^='/traces/']").first().click();
      // The map is read as a grid once its script is there.
      await page.locator(".trace-map[role='grid'] tbody td").nth(3).click();
      await page.locator(".cell-panel").waitFor();
      await picture(page, "trace");
    },
    { acceptDownloads: true },
  ));
