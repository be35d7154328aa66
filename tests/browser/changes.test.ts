import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { useBrowser, visit } from "./support/page.ts";

useBrowser();
const site = inject("fixtureSite");

describe("/changes/", () => {
  it("puts verdicts that turned before the estimates, newest run first, without a script", () =>
    visit(
      `${site}/changes/`,
      async ({ page }) => {
        expect(await page.locator(".regeneration > h2").allInnerTexts()).toEqual([
          expect.stringContaining("20 November 2026"),
          expect.stringContaining("18 November 2026"),
        ]);
        const run = page.locator(".regeneration").first();
        const turned = await run.locator("> .turned .turned-verdict").allInnerTexts();
        expect(turned).toEqual([
          expect.stringMatching(/inconclusive.*supported.*falls from the first block/),
          expect.stringMatching(/supported.*contradicted.*Each write is small/),
        ]);
        const measuring = run.locator(".measuring", { hasText: "Invented lens on Fixture A" });
        expect(await measuring.locator("> .meta").innerText()).toContain(
          "prompts/traces changed; code of the engine (2 files); code of the experiment (1 file). 5 of 8 estimates moved.",
        );
        const rows = await measuring.locator("> .table-frame tbody tr").allInnerTexts();
        expect(rows[0]).toMatch(/invented kl drop nats\s+0\.4 \[0\.1, 0\.7\]\s+8\.9 \[8\.6, 9\.2\]/);
        expect(await page.locator("#readings + ul li").count()).toBe(2);
      },
      { javaScriptEnabled: false },
    ));

  it("draws both intervals, the earlier one grey and above", () =>
    visit(`${site}/changes/`, async ({ page }) => {
      const paired = page.locator(".measuring .paired", { has: page.locator(".was") }).first();
      const [was, is] = [paired.locator(".was circle"), paired.locator(".is circle")];
      expect((await was.boundingBox())!.y).toBeLessThan((await is.boundingBox())!.y);
      const colour = (of: typeof was) => of.evaluate((each) => getComputedStyle(each).fill);
      const token = (name: string) =>
        page.evaluate((each) => {
          const probe = document.createElement("i");
          probe.style.color = `var(${each})`;
          document.body.append(probe);
          return getComputedStyle(probe).color;
        }, name);
      expect(await colour(was)).toBe(await token("--control"));
      expect(await colour(is)).toBe(await token("--accent"));
    }));

  it("is filtered by links: one model, one experiment", () =>
    visit(
      `${site}/changes/`,
      async ({ page }) => {
        await page.getByRole("navigation", { name: "Which changes" }).getByRole("link", { name: "Fixture B" }).click();
        await page.waitForURL("**/changes/models/fixture-b/");
        expect(await page.locator(".measuring").count()).toBe(2);
        await page.getByRole("link", { name: "Invented writes" }).first().click();
        await page.waitForURL("**/changes/experiments/invented-writes/");
        expect(await page.locator(".measuring h3").allInnerTexts()).toEqual(
          Array(2).fill("Invented writes on Fixture A"),
        );
      },
      { javaScriptEnabled: false },
    ));

  it("is reached from the history of a claim, which has the two results", () =>
    visit(`${site}/notes/do-sublayers-write-gently/`, async ({ page }) => {
      const history = page.locator("#gentle .claim-history");
      expect(await history.locator("summary").innerText()).toContain("turned 1 time");
      await history.locator("summary").click();
      expect(await history.locator(".turned-result").first().innerText()).toMatch(
        /0\.08 \[0\.06, 0\.10\] → 0\.48 \[0\.46, 0\.50\]/,
      );
      const link = history.getByRole("link", { name: "Invented writes" }).first();
      const address = await link.getAttribute("href");
      await link.click();
      await page.waitForURL(`**${address}`);
      await page.locator(`[id="${address!.split("#")[1]}"]`).waitFor();
    }));

  it("has a feed, newest first, whose links lead to what they tell", () => {
    const folder = inject("fixtureFolder");
    const feed = readFileSync(join(folder, "changes/feed.xml"), "utf8");
    const links = [...feed.matchAll(/<link>([^<]+#[^<]+)<\/link>/g)].map(([, link]) => new URL(link!));
    expect(links).toHaveLength(7);
    for (const { pathname, hash } of links)
      expect(readFileSync(join(folder, pathname, "index.html"), "utf8")).toContain(`id="${hash.slice(1)}"`);
    expect(feed).toMatch(/Invented lens on Fixture A: measured again, 1 verdict turned/);
    expect(feed).toContain("inconclusive → supported: The invented quantity falls from the first block to the last.");
  });
});

describe("/models/compare/", () => {
  it("sets two models beside each other, differing verdicts first, without a script", () =>
    visit(
      `${site}/models/compare/fixture-a/fixture-b/`,
      async ({ page }) => {
        const rows = await page.locator(".compare-verdicts tbody tr").allInnerTexts();
        expect(rows[0]).toMatch(/falls from the first block to the last\s+supported\s+mixed/);
        expect(await page.locator(".compare-verdicts tbody tr.differs").count()).toBe(1);
        expect(rows[1]).toMatch(/mixed\s+mixed/);
        expect(await page.locator(".apart-table tbody tr").allInnerTexts()).toEqual([
          expect.stringMatching(/invented kl drop.*\s+8\.9 \[8\.6, 9\.2\]\s+0\.2 \[−0\.1, 0\.5\]/),
          expect.stringMatching(/invented kl drop difference/),
        ]);
        expect(await page.locator(".compare-cards .differs th").allInnerTexts()).toContain("Blocks\n(differs)");
      },
      { javaScriptEnabled: false },
    ));

  it("faces the curves over the share of depth: block 6 of 12 stands beside block 3 of 6", () =>
    visit(`${site}/models/compare/fixture-a/fixture-b/`, async ({ page }) => {
      expect(await page.locator(".facing").count()).toBe(3);
      const facing = page.locator(".facing").first();
      const curves = facing.locator(".curve.measurement");
      const [a, b] = [(await curves.nth(0).boundingBox())!, (await curves.nth(1).boundingBox())!];
      expect(Math.abs(a.y - b.y)).toBeLessThan(2);
      expect(Math.abs(a.height - b.height)).toBeLessThan(3);
      expect(a.x + a.width).toBeLessThan(b.x);
      await facing.locator("summary").click();
      expect(await facing.locator("table").count()).toBe(2);
    }));

  it("is led to by ?a=&b=, in either order, and by the form", () =>
    visit(`${site}/models/compare/?a=fixture-b&b=fixture-a`, async ({ page }) => {
      await page.waitForURL(/\/models\/compare\/fixture-a\/fixture-b\/$/);
      await page.goto(`${site}/models/compare/?a=fixture-b&b=fixture-b`);
      expect(await page.getByRole("status").innerText()).toBe("Choose two different models.");
      await page.getByLabel("the other").selectOption("fixture-a");
      await page.getByRole("button", { name: "Compare" }).click();
      await page.waitForURL(/fixture-a\/fixture-b\/$/);
    }));
});
