import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";

/** Where pictures of the journeys are kept, to be looked at: not in git, an artefact of CI (`.github/workflows/tests.yml`). */
const PICTURES = "screenshots";

const PHONE = { width: 390, height: 844 };
const THEMES = ["light", "dark"] as const;

/**
 * Pictures of a journey's steps, numbered: each on a wide screen and on a phone, light and dark, with what the step is about in
 * sight. The page is left as wide and as light as it was.
 */
export function picturesOf(journey: string): (page: Page, step: string, about?: Locator) => Promise<void> {
  const folder = join(PICTURES, journey);
  mkdirSync(folder, { recursive: true });
  let steps = 0;
  return async (page, step, about) => {
    const name = join(folder, `${String(++steps).padStart(2, "0")}-${step}`);
    const wide = page.viewportSize()!;
    for (const [screen, size] of [["wide", wide] as const, ["phone", PHONE] as const]) {
      await page.setViewportSize(size);
      await about?.evaluate((element) => element.scrollIntoView({ block: "center", behavior: "instant" }));
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `${name}-${screen}-${colorScheme}.png` });
      }
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(wide);
    await about?.evaluate((element) => element.scrollIntoView({ block: "center", behavior: "instant" }));
  };
}
