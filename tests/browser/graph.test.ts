import { expect, inject, it } from "vitest";
import { useBrowser, visit } from "./support/page.ts";

useBrowser();
const site = inject("fixtureSite");

it("a page of the graph keeps its neighbours under the pointer, and its card comes", () =>
  visit(`${site}/graph/`, async ({ page }) => {
    await page.locator('graph-view a[href="/notes/does-the-invented-quantity-fall/"]').hover();
    await page.locator("graph-view.lit").waitFor();
    const near = await page
      .locator("graph-view a.near")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    expect(near).toContain("/sources/invented-2020-paper/");
    expect(near).not.toContain("/notes/not-cited-anywhere/");
    await page.locator("hover-card").waitFor();
  }));

it("links of a kind can be left out, without a script", () =>
  visit(
    `${site}/graph/`,
    async ({ page }) => {
      const draws = page.locator("graph-view .edge.draws").first();
      expect(await draws.evaluate((each) => getComputedStyle(each).display)).not.toBe("none");
      await page.locator('input[value="draws"]').uncheck();
      expect(await draws.evaluate((each) => getComputedStyle(each).display)).toBe("none");
      await page.locator(".graph-list summary").nth(1).click();
      expect(await page.locator(".graph-list").nth(1).innerText()).toContain("measured by:");
    },
    { javaScriptEnabled: false },
  ));

it("a graph too large for the page is drawn on a canvas, which names and opens what is pointed at", () =>
  visit(`${site}/graph/`, async ({ page }) => {
    // The fixture's graph is small: the element is told to draw it as it would a large one.
    await page.evaluate(() => {
      const large = document.createElement("graph-view");
      large.dataset.file = "/graph/graph.json";
      document.querySelector("graph-view")!.replaceWith(large);
    });
    const canvas = page.locator("graph-view canvas");
    await canvas.waitFor();
    const inked = () =>
      canvas.evaluate((each: HTMLCanvasElement) => {
        const { data } = each.getContext("2d")!.getImageData(0, 0, each.width, each.height);
        return data.filter((value, i) => i % 4 === 3 && value > 0).length;
      });
    await expect.poll(inked).toBeGreaterThan(500);
    const all = await inked();
    await page.locator('input[value="draws"]').uncheck();
    await expect.poll(inked).toBeLessThan(all);
    const place = await canvas.evaluate(async (each: HTMLCanvasElement) => {
      const { width, height, nodes } = await (await fetch("/graph/graph.json")).json();
      const scale = Math.min(each.clientWidth / width, each.clientHeight / height);
      const [, , , x, y] = nodes.find(([address]: [string]) => address === "notes/do-sublayers-write-gently/");
      return {
        x: (each.clientWidth - width * scale) / 2 + x * scale,
        y: (each.clientHeight - height * scale) / 2 + y * scale,
      };
    });
    await canvas.hover({ position: place });
    await page.locator("graph-view [role=status]", { hasText: "Do sublayers write gently?" }).waitFor();
    await canvas.click({ position: place });
    await page.waitForURL(/\/notes\/do-sublayers-write-gently\/$/);
  }));

it("a page shows what leads to it and where it leads, on a phone too", async () => {
  for (const width of [1360, 390])
    await visit(
      `${site}/notes/do-sublayers-write-gently/`,
      async ({ page }) => {
        const shown = page.locator(".graph.local:visible");
        expect(await shown.count()).toBe(1);
        const words = (await shown.locator("a").allTextContents()).join("\n");
        expect(words).toContain("supported by");
        expect(words).toContain("cited by");
        expect(words).toContain("draws on");
      },
      { viewport: { width, height: 844 } },
    );
});
