import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";

/** Where pictures of the journeys are kept, to be looked at: not in git, an artefact of CI. */
const PICTURES = "screenshots";

/**
 * Pictures of a journey's steps, numbered: in the light on a wide screen, in the dark on a phone. The page is left as it was.
 */
export function picturesOf(journey: string): (page: Page, step: string) => Promise<void> {
  const folder = join(PICTURES, journey);
  mkdirSync(folder, { recursive: true });
  let steps = 0;
  return async (page, step) => {
    const name = join(folder, `${String(++steps).padStart(2, "0")}-${step}`);
    const size = page.viewportSize()!;
    await page.screenshot({ path: `${name}-wide-light.png` });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.screenshot({ path: `${name}-phone-dark.png` });
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(size);
  };
}
