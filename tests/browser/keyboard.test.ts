import type { Page } from "playwright-core";
import { describe, expect, inject, it } from "vitest";
import { useBrowser, visit } from "./support/page.ts";
import { kindsOf } from "./support/pages.ts";

useBrowser();
const [site, folder] = [inject("fixtureSite"), inject("fixtureFolder")];

/** Where the keyboard is: what it stands on, and what is wrong with that. */
interface Stop {
  readonly name: string;
  readonly faults: readonly string[];
}

/** More stops than any page of the invented vault has. */
const MOST = 400;

describe("the keyboard walks from the skip link to the foot, seen at every step:", () => {
  it.each(kindsOf(folder))("%s", (path) =>
    visit(`${site}${path}`, async ({ page }) => {
      // A page that puts the cursor somewhere is walked from its top all the same.
      if (path === "/search/") await page.locator("input:focus").waitFor();
      await page.evaluate(() => {
        document.body.tabIndex = -1;
        document.body.focus();
        document.body.removeAttribute("tabindex");
      });
      const stops: Stop[] = [];
      for (let i = 0; i < MOST; i++) {
        await page.keyboard.press("Tab");
        const stop = await standing(page);
        if (!stop) break;
        stops.push(stop);
      }
      expect(stops.length, `lets go of the keyboard after "${stops.at(-1)?.name}"`).toBeLessThan(MOST);
      expect(stops.flatMap(({ name, faults }) => faults.map((fault) => `"${name}" ${fault}`))).toEqual([]);
      expect(stops[0]?.name).toBe("Skip to the text");
      expect(stops.at(-1)?.name).toBe("Feed");
    }),
  );
});

/** What has the focus: named, in sight, with a mark, after what came before it. Undefined at the end of the page. */
const standing = (page: Page): Promise<Stop | undefined> =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (!(at instanceof HTMLElement || at instanceof SVGElement) || at === document.body) return undefined;
    const faults: string[] = [];
    const label =
      at.getAttribute("aria-label") ?? (at as HTMLInputElement).labels?.[0]?.textContent ?? at.textContent ?? "";
    if (label.trim() === "" && at.tagName !== "SELECT" && !at.querySelector("svg title"))
      faults.push(`has no name: ${at.outerHTML.slice(0, 100)}`);
    const box = at.getClientRects()[0] ?? at.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) faults.push("has no size");
    if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth)
      faults.push("is out of sight");
    else {
      const [x, y] = [(box.left + box.right) / 2, (Math.max(0, box.top) + Math.min(innerHeight, box.bottom)) / 2];
      const seen = document.elementFromPoint(Math.min(innerWidth - 1, Math.max(0, x)), y);
      if (seen && !at.contains(seen) && !seen.contains(at) && !seen.closest("label")?.contains(at))
        faults.push(`is covered by ${seen.outerHTML.slice(0, 80)}`);
    }
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
    if ((outlineStyle === "none" || Number.parseFloat(outlineWidth) < 2) && boxShadow === "none")
      faults.push("shows no focus");
    const before = document.querySelector("[data-walked]");
    if (before && !(before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING))
      faults.push("comes before what it follows");
    before?.removeAttribute("data-walked");
    at.setAttribute("data-walked", "");
    return { name: label.trim().replace(/\s+/g, " ").slice(0, 60), faults };
  });

it("nothing moves by itself, and nothing at all for those who ask for less motion", async () => {
  for (const path of ["/", "/inquiring-lines/why-is-everything-invented/", "/traces/river/"])
    await visit(
      `${site}${path}`,
      async ({ page }) => {
        const moving = await page.evaluate(() => [
          ...document.getAnimations().map(() => "an animation"),
          ...[...document.querySelectorAll("*")]
            .filter((each) => {
              const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(each);
              return /[1-9]/.test(transitionDuration) || animationName !== "none" || scrollBehavior === "smooth";
            })
            .map((each) => each.outerHTML.slice(0, 80)),
        ]);
        expect(moving, path).toEqual([]);
      },
      { reducedMotion: "reduce" },
    );
});
