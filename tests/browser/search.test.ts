import type { Page } from "playwright-core";
import { describe, expect, inject, it } from "vitest";
import { useBrowser, visit } from "./support/page.ts";

useBrowser();
const site = inject("fixtureSite");
const search = `${site}/search/`;

const found = (page: Page) => page.locator(".results h2").allInnerTexts();
const settle = (page: Page, text: RegExp) =>
  page.waitForFunction(
    (pattern) => new RegExp(pattern).test(document.querySelector(".results-status")?.textContent ?? ""),
    text.source,
  );

describe("the search", () => {
  it("finds while one types", () =>
    visit(search, async ({ page }) => {
      await page.getByRole("searchbox").pressSequentially("gently", { delay: 20 });
      await settle(page, /result/);
      expect(await found(page)).toContain("Do sublayers write gently?");
    }));

  it("narrows by kind", () =>
    visit(`${search}?q=invented&kind=source`, async ({ page }) => {
      await settle(page, /result/);
      expect((await found(page)).sort()).toEqual([
        "A post that says less than it is cited for",
        "A preprint by many hands",
        "An invented paper about invented depth",
      ]);
    }));

  it("narrows by topic", () =>
    visit(`${search}?q=invented&kind=note&topic=invention`, async ({ page }) => {
      await settle(page, /result/);
      expect((await found(page)).sort()).toEqual([
        "Do invented networks gain by depth?",
        "Do sublayers write gently?",
        "Is the middle undecided?",
        "What has nobody cited yet?",
      ]);
    }));

  it("lists the claims of a verdict on a model, and not those that have it on another", async () => {
    const claims = async (model: string) => {
      let list: string[] = [];
      await visit(`${search}?kind=claim&verdict=mixed&model=${model}`, async ({ page }) => {
        await settle(page, /result/);
        list = (await found(page)).sort();
      });
      return list;
    };
    // Supported on A and mixed on B: the joint filter keeps the two apart.
    expect(await claims("fixture-a")).toEqual(["Units of many meanings crowd the early blocks"]);
    expect(await claims("fixture-b")).toEqual([
      "The invented quantity falls from the first block to the last",
      "Units of many meanings crowd the early blocks",
    ]);
  });

  it("leads to the claim in its note", () =>
    visit(`${search}?kind=claim&verdict=confounded`, async ({ page }) => {
      await settle(page, /1 result/);
      await page.locator(".results a").click();
      await page.waitForURL("**/notes/do-sublayers-write-gently/#beyond-chance");
    }));

  it("finds names with a low line and an equals sign", () =>
    visit(`${search}?q=W_U`, async ({ page }) => {
      await settle(page, /result/);
      // As code on the one page, in a formula on the other.
      expect((await found(page)).sort()).toEqual(["Invented lens", "What has nobody cited yet?"]);
    }));

  it("finds names in formulas as they are typed, and Chinese and Japanese without spaces", async () => {
    for (const query of ["d=576", "意味は深さ", "モデル"])
      await visit(`${search}?q=${encodeURIComponent(query)}`, async ({ page }) => {
        await settle(page, /result/);
        expect(await found(page), query).toContain("What has nobody cited yet?");
        const marks = page.locator(".results li", { hasText: "What has nobody cited yet?" }).locator("mark");
        expect((await marks.allInnerTexts()).join(""), query).toContain(query);
      });
  });

  it("keeps what is asked in the address, and reads it from there", () =>
    visit(search, async ({ page }) => {
      await page.locator("select[name=verdict]").selectOption("mixed");
      await page.locator("select[name=model]").selectOption("fixture-b");
      await settle(page, /result/);
      const listed = await found(page);
      expect(new URL(page.url()).search).toBe("?verdict=mixed&model=fixture-b");
      await page.reload();
      await settle(page, /result/);
      expect(await found(page)).toEqual(listed);
    }));

  it("lists everything that was measured on a model, whatever came out", () =>
    visit(`${search}?kind=claim&model=fixture-b`, async ({ page }) => {
      await settle(page, /result/);
      for (const verdict of await page.locator(".results .verdict").allInnerTexts())
        expect(verdict).not.toMatch(/untest/);
      expect(await found(page)).toContain("Units of many meanings crowd the early blocks");
    }));

  it("finds claims by their words, and not each page that shows them", async () => {
    await visit(`${search}?q=crowd early blocks&kind=claim`, async ({ page }) => {
      await settle(page, /result/);
      expect(await found(page)).toContain("Units of many meanings crowd the early blocks");
    });
    // Every prediction on a note says when it was registered.
    await visit(`${search}?q=registered&kind=note`, ({ page }) => settle(page, /Nothing found/).then(() => undefined));
  });

  it("reads one piece of the index to answer filters alone", () =>
    visit(search, async ({ page }) => {
      const pieces = new Set<string>();
      page.on("request", (request) => request.url().includes("/index/") && pieces.add(request.url()));
      await page.locator("select[name=kind]").selectOption("claim");
      await settle(page, /result/);
      expect(pieces.size).toBe(1);
    }));

  it.each(["?q=zyzzyva", "?q=zyzzyva&kind=claim"])("says so when nothing is found: %s", (asked) =>
    visit(`${search}${asked}`, async ({ page }) => settle(page, /Nothing found/).then(() => undefined)),
  );

  it("points to the indexes when scripts are off", () =>
    visit(
      search,
      async ({ page }) => {
        expect(await page.locator("noscript a").count()).toBeGreaterThan(4);
        expect(await page.locator("form").isVisible()).toBe(false);
      },
      { javaScriptEnabled: false },
    ));
});
