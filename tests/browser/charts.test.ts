import { buffer } from "node:stream/consumers";
import { describe, expect, inject, it } from "vitest";
import { useBrowser, visit } from "./support/page.ts";

useBrowser();
const model = `${inject("fixtureSite")}/models/fixture-a/`;

describe("a sounding log", () => {
  it("loads nothing before it is touched, then reads every track at one depth", () =>
    visit(model, async ({ page }) => {
      const asked: string[] = [];
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      await page.waitForTimeout(300);
      // Figures further down are fetched, still, as a reader comes near.
      expect(asked.filter((path) => !path.startsWith("/cards/figures/"))).toEqual([]);
      const chart = page.locator("sound-chart").first();
      await chart.scrollIntoViewIfNeeded();
      const box = (await chart.locator(".drawn:visible .chart").boundingBox())!;
      // In the second track, half way down.
      await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5);
      const reading = chart.locator(".chart-reading");
      await expect.poll(() => reading.innerText()).toMatch(/^Depth \d+\n.*Invented divergence: .*random weights/);
      expect((await reading.innerText()).split("\n")).toHaveLength(4);
      expect(asked.some((path) => path.endsWith(".json"))).toBe(true);
    }));

  it("stands exactly on the still drawing when it comes to life", () =>
    visit(model, async ({ page }) => {
      const chart = page.locator("sound-chart").first();
      const still = chart.locator(".drawn:visible > .chart");
      await still.scrollIntoViewIfNeeded();
      const box = (await still.boundingBox())!;
      await page.mouse.move(box.x + 80, box.y + 120);
      const live = chart.locator(".live-chart svg");
      await live.waitFor();
      const words = (svg: typeof live) => svg.locator("text", { hasText: "Invented entropy" }).first().boundingBox();
      const [a, b] = [(await words(still))!, (await words(live))!];
      expect(Math.abs(a.x - b.x)).toBeLessThan(1.5);
      expect(Math.abs(a.y - b.y)).toBeLessThan(1.5);
      expect(await still.boundingBox()).toEqual(box);
    }));

  it("is read with the keyboard, in words", () =>
    visit(model, async ({ page }) => {
      const slider = page.locator(".depth-slider").first();
      await slider.focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      await expect.poll(() => slider.getAttribute("aria-valuetext")).toMatch(/^Depth 2\. Invented divergence: /);
    }));

  it("has the figures behind it, and gives them away", () =>
    visit(model, async ({ page }) => {
      const figure = page.locator("figure.figure").first();
      await figure.locator(".figure-table summary").click();
      expect(await figure.locator(".figure-data tbody tr").count()).toBe(13);
      expect(await figure.locator(".figure-data tbody td").first().innerText()).toMatch(/^\d.* \[.+, .+\]$/);
      for (const name of ["CSV", "JSON", "SVG"]) {
        const href = (await figure.locator(".figure-doors a", { hasText: name }).getAttribute("href"))!;
        const response = await page.request.get(new URL(href, model).href);
        expect(response.status(), name).toBe(200);
        if (name === "SVG") expect(await response.text()).toMatch(/^<svg (?!.*var\().*<title>/s);
        if (name === "CSV") {
          const [head, ...rows] = (await response.text()).trim().split("\r\n");
          expect(head).toBe("quantity,unit,series,role,axis,x,value,lo,hi");
          // This figure's points and no other's: three quantities over 13 depths, measured and controlled.
          expect(new Set(rows.map((row) => row.split(",")[0])).size).toBe(3);
        }
        if (name === "JSON") expect((await response.json()).columns).toHaveLength(9);
      }
    }));

  it("makes a picture in the browser, with the site's fonts and nothing from elsewhere", () =>
    visit(model, async ({ page }) => {
      const figure = page.locator("figure.figure").first();
      const waiting = page.waitForEvent("download");
      await figure.getByRole("button", { name: "PNG" }).click();
      const download = await waiting;
      expect(download.suggestedFilename()).toMatch(/^fixture-a-.*\.png$/);
      const bytes = await buffer(await download.createReadStream());
      expect(bytes.subarray(1, 4).toString()).toBe("PNG");
      // Three times the drawing's own pixels, caption and source included.
      expect(bytes.readUInt32BE(16)).toBeGreaterThan(1500);
      // A blank picture packs to almost nothing.
      expect(bytes.length).toBeGreaterThan(40_000);
    }));

  it("says where it comes from, step by step, and how to cite and embed it", () =>
    visit(model, async ({ page }) => {
      const figure = page.locator("figure.figure").first();
      await figure.getByText("Sources and processing").click();
      const steps = figure.locator(".figure-steps dt:visible");
      expect(await steps.allInnerTexts()).toEqual([
        "Model",
        "Text",
        "Measured",
        "Controls",
        "Intervals",
        "Drawing",
        "Run",
        "All of it",
      ]);
      await figure.getByText("Cite or embed").click();
      expect(await figure.getByLabel("BibTeX of this figure").innerText()).toMatch(/^@\w+\{/);
      const html = await figure.getByLabel("HTML that embeds this figure").innerText();
      const [, image] = /<img src="https:\/\/[^/]+(\/charts\/\w+\.svg)"/.exec(html)!;
      expect((await page.request.get(new URL(image!, model).href)).status()).toBe(200);
    }));

  it("names every line beside a piece of it", () =>
    visit(model, async ({ page }) => {
      const legend = page.locator("figure.figure").first().locator(".figure-legend li");
      const said = await legend.allInnerTexts();
      expect(said[0]).toMatch(/, measured$/);
      expect(said.slice(1).every((text) => /, (part|control)$/.test(text))).toBe(true);
      const strokes = await legend
        .locator("line")
        .evaluateAll((lines) =>
          lines.map((line) => `${getComputedStyle(line).stroke} ${line.getAttribute("stroke-dasharray")}`),
        );
      expect(new Set(strokes).size).toBe(said.length);
    }));

  it("is drawn for a phone at its own size", () =>
    visit(
      model,
      async ({ page }) => {
        const chart = page.locator("sound-chart").first().locator(".drawn:visible .chart");
        const box = (await chart.boundingBox())!;
        expect(box.width).toBeLessThanOrEqual(390 - box.x);
        expect(box.width / Number(await chart.getAttribute("width"))).toBeGreaterThan(0.95);
      },
      { viewport: { width: 390, height: 800 } },
    ));

  it("is in the page without scripts", () =>
    visit(
      model,
      async ({ page }) => {
        expect(await page.locator("svg.chart[role=img] > title").first().textContent()).toMatch(
          /Invented divergence.* by depth/,
        );
        expect(await page.locator("svg.chart path").count()).toBeGreaterThan(3);
      },
      { javaScriptEnabled: false },
    ));
});
