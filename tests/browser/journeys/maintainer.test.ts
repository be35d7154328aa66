import { expect, inject, it } from "vitest";
import { picturesOf } from "../support/journey.ts";
import { useBrowser, visit } from "../support/page.ts";

useBrowser();
const [invented, real] = [inject("fixtureSite"), inject("realSite")];
const picture = picturesOf("maintainer");

it("a maintainer sees what moved at a measuring: verdicts, estimates, sentences, and on which model", () =>
  visit(`${invented}/changes/`, async ({ page }) => {
    // The invented vault has a history in which verdicts turned.
    const run = page.locator(".regeneration").first();
    expect(await run.locator("> .turned .turned-verdict").count()).toBe(2);
    expect(await run.locator(".measuring > .meta").first().innerText()).toMatch(/changed|code of/);
    await picture(page, "changes");

    // The sentence that no longer fits says so where it stands.
    await page.locator("#readings + ul li a").first().click();
    await page.waitForURL("**/notes/*/**");
    expect(await page.locator(".misread").count()).toBeGreaterThan(0);
    await picture(page, "sentence", page.locator(".misread").first());

    // One model, one experiment.
    await page.goto(`${invented}/changes/`);
    await page.getByRole("navigation", { name: "Which changes" }).getByRole("link", { name: "Fixture B" }).click();
    await page.waitForURL("**/changes/models/fixture-b/");
    await picture(page, "changes-of-a-model");
  }));

it("a maintainer looks over a model: card, hash, verdicts, its fingerprint, how to run it all again", () =>
  visit(`${real}/models/`, async ({ page }) => {
    await picture(page, "models");
    await page.locator("main a[href='/models/smollm2-135m/']").first().click();
    await page.waitForURL("**/models/smollm2-135m/");
    expect(await page.locator("main").innerText()).toMatch(/[0-9a-f]{12}/);
    expect(await page.locator("main [data-verdict]").count()).toBeGreaterThan(5);
    expect(await page.locator("svg.chart:visible").count()).toBeGreaterThan(0);
    await picture(page, "model");
  }));
