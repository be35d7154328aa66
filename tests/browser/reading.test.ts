import { describe, expect, inject, it } from "vitest";
import { useBrowser, visit } from "./support/page.ts";

useBrowser();
const site = inject("fixtureSite");
const line = `${site}/inquiring-lines/why-is-everything-invented/`;
const note = `${site}/notes/does-the-invented-quantity-fall/`;

describe("an inquiring line", () => {
  it("has its blocks in order", () =>
    visit(line, async ({ page }) => {
      expect(await page.locator(".page-head .label").innerText()).toMatch(/inquiring line/i);
      expect(await page.locator(".standfirst").innerText()).toMatch(/^This explores/);
      const heads = await page.locator("main h2").allInnerTexts();
      expect(heads.map((each) => each.replace(/\s+/g, " "))).toEqual([
        "Claims of this page",
        "Sources 3 notes",
        "What would change this answer",
        "Next inquiring lines",
        "Around this page the whole graph",
        "A prompt for newer work",
        "Cite this page",
        "History",
      ]);
    }));

  it("shows each claim's verdict on each model in the ledger", () =>
    visit(line, async ({ page }) => {
      const row = page.locator(".ledger tbody tr").nth(2);
      expect(
        await row
          .locator("[data-verdict]")
          .evaluateAll((marks) => marks.map((m) => [m.getAttribute("data-verdict"), m.getAttribute("data-claim")])),
      ).toEqual([
        ["contradicted", "do-sublayers-write-gently/gentle"],
        ["untested", "do-sublayers-write-gently/gentle"],
      ]);
      expect(await row.innerText()).toContain("0.48 [0.46, 0.50]");
      expect(await page.locator(".ledger .mini-log svg").count()).toBeGreaterThan(0);
    }));

  it("puts the verdict beside the paragraph on a wide page and under it on a phone", async () => {
    const boxes = async (width: number) => {
      let result = { text: 0, bottom: 0, left: 0, top: 0 };
      await visit(
        line,
        async ({ page }) => {
          const text = (await page.locator(".beside > p").first().boundingBox())!;
          const margin = (await page.locator(".beside .margin-note").first().boundingBox())!;
          result = { text: text.x + text.width, bottom: text.y + text.height, left: margin.x, top: margin.y };
        },
        { viewport: { width, height: 900 } },
      );
      return result;
    };
    const wide = await boxes(1360);
    expect(wide.left).toBeGreaterThan(wide.text);
    const phone = await boxes(390);
    expect(phone.top).toBeGreaterThanOrEqual(phone.bottom);
  });

  it("leads from a claim's sentence to the note's claim", () =>
    visit(line, async ({ page }) => {
      expect(await page.locator("#claim-gentle").innerText()).toBe("Writes are anything but small");
      await page.locator(".margin-verdict a:visible", { hasText: "B4" }).click();
      await page.waitForURL("**/notes/do-sublayers-write-gently/#gentle");
      expect(await page.locator("#gentle h3").innerText()).toContain("Each write is small against the stream");
    }));
});

describe("a synthesis note", () => {
  it("has its blocks in order", () =>
    visit(note, async ({ page }) => {
      const heads = await page.locator("main .section > h2").allInnerTexts();
      expect(heads.map((each) => each.replace(/\s+/g, " "))).toEqual([
        "Claims",
        "Read it layer by layer",
        "What this model cannot say",
        "Sources",
        "Related notes",
        "Lines that use this note",
        "Around this page the whole graph",
        "Provenance",
        "Cite this page",
        "History",
      ]);
    }));

  it("reads its numbers from the artifact, each a door to its table", () =>
    visit(note, async ({ page }) => {
      const value = page.locator('.prose [data-estimate="fixture-a/invented-lens/kl-end"]');
      expect(await value.innerText()).toBe("0.042 [0.031, 0.053] nats".replace(" nats", "\u00a0nats"));
      expect(await value.getAttribute("title")).toMatch(/n = 200 \(document\).*Fixture A.*20 November 2026/);
      await value.click();
      await page.waitForURL("**/data/fixture-a/invented-lens/#kl-end");
      expect(await page.locator("#kl-end").isVisible()).toBe(true);
    }));

  it("says when a prediction came after its result", async () => {
    await visit(`${site}/notes/is-the-middle-undecided/`, async ({ page }) => {
      expect(await page.locator(".predictions .post-hoc").count()).toBe(1);
    });
    await visit(note, async ({ page }) => expect(await page.locator(".post-hoc").count()).toBe(0));
  });

  it("lists the verdicts of all models without a script, and says where the other figure is", () =>
    visit(
      note,
      async ({ page }) => {
        const claim = page.locator("#it-falls");
        expect(await claim.locator(".claim-verdict").innerText()).toMatch(/supported[\s\S]*Fixture B/);
        expect(await claim.locator(".predictions tbody tr").first().innerText()).toMatch(/Fixture A[\s\S]*Fixture B/);
        expect(await page.locator("model-switch input").first().isVisible()).toBe(false);
        expect(await page.getByText("Also measured on Fixture B").first().isVisible()).toBe(true);
      },
      { javaScriptEnabled: false },
    ));

  it("shows verdicts and figures of the model that is chosen, for the whole visit and in the address", () =>
    visit(note, async ({ page }) => {
      const verdict = page.locator("#it-falls .claim-verdict [data-verdict]:visible").first();
      const figure = page.locator(".prose figure.figure:visible .figure-key").first();
      expect(await verdict.getAttribute("data-verdict")).toBe("supported");
      const fetched = page.waitForResponse((answer) => answer.url().includes("/cards/figures/"));
      await page.getByRole("radio", { name: "Fixture B" }).check();
      expect((await fetched).status()).toBe(200);
      expect(await verdict.getAttribute("data-verdict")).toBe("mixed");
      expect(await page.locator("aside.margin-note:visible .margin-verdict:visible").first().innerText()).toContain(
        "mixed",
      );
      await page.locator(".prose figure.figure:visible", { hasText: "Fixture B" }).first().waitFor();
      expect(await figure.innerText()).toContain("Fixture B");
      expect(new URL(page.url()).searchParams.get("model")).toBe("fixture-b");
      // Another page of the same visit, without the address saying so.
      await page.goto(line);
      expect(new URL(page.url()).searchParams.get("model")).toBe("fixture-b");
      expect(await page.getByRole("radio", { name: "Fixture B" }).isChecked()).toBe(true);
      await page.getByRole("radio", { name: "Fixture A" }).check();
      expect(new URL(page.url()).search).toBe("");
      // A note whose claims speak of networks trained here has nothing to choose.
      await page.goto(`${site}/notes/do-invented-networks-gain-by-depth/`);
      expect(await page.locator("model-switch").count()).toBe(0);
      expect(await page.locator("#deeper-is-better .misread").innerText()).toMatch(
        /written for\s+contradicted[\s\S]*measured since:\s+supported/,
      );
    }));

  it("opens for the model that its address names", () =>
    visit(`${note}?model=fixture-b`, async ({ page }) => {
      await page.locator(".prose figure.figure:visible", { hasText: "Fixture B" }).first().waitFor();
      expect(
        await page.locator("#it-falls .claim-verdict [data-verdict]:visible").first().getAttribute("data-verdict"),
      ).toBe("mixed");
    }));

  it("quotes the sentence of each line that uses it", () =>
    visit(note, async ({ page }) => {
      expect(await page.locator(".backlinks blockquote").allInnerTexts()).toContain(
        "The invented quantity falls, as was said.",
      );
    }));
});

it("reads whole with scripts off: text, ledger, charts, citations", () =>
  visit(
    line,
    async ({ page }) => {
      expect(await page.locator(".ledger tbody tr").count()).toBe(7);
      expect(await page.locator(".essay p").first().isVisible()).toBe(true);
      expect(await page.locator(".essay figure svg").first().isVisible()).toBe(true);
      await page.locator(".cite summary", { hasText: "BibTeX" }).click();
      expect(await page.locator(".cite pre").first().innerText()).toContain("@");
    },
    { javaScriptEnabled: false },
  ));

it("prints with the addresses of its links and without the site's furniture", () =>
  visit(line, async ({ page }) => {
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".top").isVisible()).toBe(false);
    const after = await page
      .locator(".cite-note")
      .first()
      .evaluate((link) => getComputedStyle(link, "::after").content);
    expect(after).toContain("/notes/does-the-invented-quantity-fall/");
  }));
