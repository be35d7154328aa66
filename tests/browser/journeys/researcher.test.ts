import { expect, inject, it } from "vitest";
import { picturesOf } from "../support/journey.ts";
import { useBrowser, visit } from "../support/page.ts";

useBrowser();
const site = inject("realSite");
const picture = picturesOf("researcher");

it("a researcher finds what was contradicted, and follows it to the protocol, the estimate and the data", () =>
  visit(`${site}/search/`, async ({ page }) => {
    const results = page.locator(".results li");
    await page.getByRole("searchbox").fill("residual");
    await results.first().waitFor();
    await picture(page, "search");
    const all = await results.count();
    expect(all).toBeGreaterThan(1);

    // Claims of one verdict on the model that the filter names.
    await page.locator("select[name=kind]").selectOption("claim");
    await page.locator("select[name=verdict]").selectOption("contradicted");
    await page.getByRole("searchbox").fill("");
    await expect
      .poll(async () => (await page.locator(".results .verdict-word").allInnerTexts()).join(" "), { timeout: 30_000 })
      .toMatch(/contradicted/i);
    expect(new URL(page.url()).searchParams.get("verdict")).toBe("contradicted");
    await picture(page, "contradicted");
    await results.first().locator("a").click();
    await page.waitForURL("**/notes/*/#*");
    expect(await page.locator(":target").count()).toBe(1);
    await picture(page, "claim", page.locator(":target"));

    // A number on the page is a door to the table that it came from.
    await page.locator(":target a[href^='/data/']").first().click();
    await page.waitForURL("**/data/*/*/**");
    expect(await page.locator(":target").count()).toBe(1);
    await picture(page, "data", page.locator(":target"));

    // The protocol: what was computed, with which controls, what would have falsified it, how to run it again.
    await page.locator("main a[href^='/experiments/']").first().click();
    await page.waitForURL("**/experiments/*/");
    expect(await page.locator("main").innerText()).toMatch(/control/i);
    await picture(page, "protocol");

    // What is open, with what would settle it.
    await page.locator("footer").getByRole("link", { name: "Gaps" }).click();
    expect(await page.locator("main li, main tbody tr").count()).toBeGreaterThan(0);
    await picture(page, "gaps");
    await page.locator("footer").getByRole("link", { name: "Data" }).click();
    const archive = page.locator("main a[href$='.zip']").first();
    const { pathname } = new URL((await archive.getAttribute("href"))!, page.url());
    const answer = await page.request.head(`${new URL(site).origin}${pathname}`);
    expect(answer.status()).toBe(200);
    await picture(page, "archive");
  }));
