import { AxeBuilder } from "@axe-core/playwright";
import type { RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, inject, it } from "vitest";
import { useBrowser, visit } from "./support/page.ts";
import { kindsOf } from "./support/pages.ts";

useBrowser();

const fixture = { site: inject("fixtureSite"), folder: inject("fixtureFolder") };
const real = { site: inject("realSite"), folder: inject("realFolder") };

describe.each([
  // What is large on the wiki is large by repetition: the vault has every block.
  ["the invented vault", fixture.site, kindsOf(fixture.folder)],
  ["the wiki", real.site, kindsOf(real.folder, "smallest")],
])("%s, accessible in the light and in the dark:", (_, site, kinds) => {
  it.each(kinds)("%s", (path) =>
    visit(`${site}${path}`, async ({ page }) => {
      // Closed parts are read too.
      await page.evaluate(() => {
        for (const each of document.querySelectorAll("details")) each.open = true;
      });
      expect([...(await violations(page, EVERYTHING)), ...(await nameless(page))]).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark" });
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await violations(page, { runOnly: ["color-contrast"] }), "in the dark").toEqual([]);
    }),
  );
});

describe.each([
  ["the invented vault", fixture.site, kindsOf(fixture.folder)],
  ["the wiki", real.site, kindsOf(real.folder)],
])("%s, fitting any window: a phone's, and 200 %% and 400 %% of a common one:", (_, site, kinds) => {
  it.each(kinds)("%s", (path) =>
    visit(`${site}${path}`, async ({ page }) => {
      const faults: string[] = [];
      for (const width of [1360, 640, 390, 320]) {
        await page.setViewportSize({ width, height: 844 });
        faults.push(...(await overflowing(page)).map((what) => `at ${width} px: ${what}`));
      }
      expect(faults).toEqual([]);
    }),
  );
});

const EVERYTHING: RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  rules: { "target-size": { enabled: true } },
};

async function violations(page: Page, options: RunOptions): Promise<string[]> {
  // Without it each look at a page opens another, empty one.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ ...options, resultTypes: ["violations"] });
  return (await axe.analyze()).violations.map(
    ({ id, nodes }) =>
      `${id} (${nodes.length}): ${nodes
        .map((node) => node.html)
        .slice(0, 3)
        .join(" ")}`,
  );
}

/** Drawings that a screen reader would neither skip nor name: those of charts have a title and a description. */
const nameless = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll("svg")]
      .filter((svg) => {
        const named =
          svg.getAttribute("role") === "img" && svg.querySelector(":scope > title, :scope > desc")?.textContent;
        return !svg.closest("[aria-hidden=true], [hidden]") && !named && !svg.getAttribute("aria-label");
      })
      .map((svg) => `has a drawing without a name: ${svg.outerHTML.slice(0, 120)}`),
  );

/** What reaches beyond the window, or is cut off so that nobody can scroll to it. */
const overflowing = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wide = document.documentElement.scrollWidth;
    if (wide <= innerWidth) return [];
    const widest = [...document.querySelectorAll("main *, header *, footer *")]
      .filter((each) => each.getBoundingClientRect().right > innerWidth + 1 && each.children.length === 0)
      .slice(0, 3);
    return [`the page is ${wide} px wide: ${widest.map((each) => each.outerHTML.slice(0, 100)).join(" ")}`];
  });
