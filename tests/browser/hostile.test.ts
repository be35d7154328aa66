import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Parser } from "htmlparser2";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { visit as walk } from "unist-util-visit";
import { describe, expect, inject, it } from "vitest";
import { HOSTILE, MARK } from "./support/hostile-vault.ts";
import { useBrowser, visit } from "./support/page.ts";
import { kindsOf } from "./support/pages.ts";

useBrowser();
const [site, folder] = [inject("hostileSite"), inject("hostileFolder")];
const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
const texts = (extension: RegExp) =>
  files
    .filter((file) => extension.test(file))
    .map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") }));

/** What of a document is markup that hostile text became, or would run. */
function broken(document: string, xmlMode: boolean): string[] {
  const faults: string[] = [];
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (name === MARK) faults.push(`<${MARK}>`);
        if (name === "script" && !attributes.src?.startsWith("/") && !/json/.test(attributes.type ?? ""))
          faults.push(`<script src="${attributes.src}">`);
        for (const [attribute, value] of Object.entries(attributes))
          if (/^on/.test(attribute) || (/^(href|src|action)$/.test(attribute) && /^\s*javascript:/i.test(value)))
            faults.push(`<${name} ${attribute}="${value}">`);
      },
    },
    { xmlMode },
  );
  parser.end(document);
  return faults;
}

describe("what anybody, or a model, wrote is only ever text", () => {
  it("in pages, cards and parts of pages", () => {
    const pages = texts(/\.html$/);
    expect(pages.filter(({ text }) => text.includes(MARK)).length).toBeGreaterThan(30);
    expect(pages.flatMap(({ file, text }) => broken(text, false).map((fault) => `${file}: ${fault}`))).toEqual([]);
  });

  it("in drawings", () => {
    const drawings = texts(/\.svg$/);
    expect(drawings.filter(({ text }) => text.includes(MARK)).length).toBeGreaterThan(0);
    expect(drawings.flatMap(({ file, text }) => broken(text, true).map((fault) => `${file}: ${fault}`))).toEqual([]);
  });

  it("in feeds, whose readers take descriptions for HTML", () => {
    for (const { file, text } of texts(/(feed|sitemap.*)\.xml$/)) {
      expect(broken(text, true), file).toEqual([]);
      for (const description of textsOf(text, "description")) expect(broken(description, false), file).toEqual([]);
    }
  });

  it("in Markdown, whose readers take what looks like HTML for HTML", () => {
    // Twins are all made in one way: those of lines, notes and sources, and the list.
    const markdown = texts(/^((inquiring-lines|notes|sources)\/.*\.md|llms\.txt)$/);
    expect(markdown.filter(({ text }) => text.includes(MARK)).length).toBeGreaterThan(8);
    const faults: string[] = [];
    for (const { file, text } of markdown)
      walk(unified().use(remarkParse).parse(text), (node) => {
        if (node.type === "html" && node.value.includes(MARK)) faults.push(`${file}: ${node.value.slice(0, 60)}`);
        if (node.type === "link" && /^javascript:/.test(node.url)) faults.push(`${file}: ${node.url}`);
      });
    expect(faults).toEqual([]);
  });

  it("in tables that a spreadsheet opens", () => {
    const tables = texts(/\.csv$/);
    expect(tables.some(({ text }) => text.includes("HYPERLINK"))).toBe(true);
    for (const { file, text } of tables)
      for (const [, quoted, bare] of text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,\r\n]*))/gm)) {
        const cell = quoted ?? bare ?? "";
        if (/^[=+\-@\t\r]/.test(cell)) expect(Number(cell), `${file}: ${cell}`).not.toBeNaN();
      }
  });
});

/** The decoded texts of all elements of that name. */
function textsOf(xml: string, name: string): string[] {
  const found: string[] = [];
  let open = false;
  const parser = new Parser(
    {
      onopentagname: (each) => {
        open = each === name;
        if (open) found.push("");
      },
      ontext: (text) => {
        if (open) found.push(`${found.pop()}${text}`);
      },
      onclosetag: () => {
        open = false;
      },
    },
    { xmlMode: true },
  );
  parser.end(xml);
  return found;
}

describe("nothing of it runs in a browser:", () => {
  it.each(kindsOf(folder))("%s", (path) =>
    visit(`${site}${path}`, async ({ page }) => {
      const dialogs: string[] = [];
      page.on("dialog", (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      await page.evaluate(() => {
        for (const each of document.querySelectorAll("details")) each.open = true;
      });
      expect(await page.locator(MARK).count()).toBe(0);
      expect(dialogs).toEqual([]);
    }),
  );
});

describe("nor where scripts put it into a page", () => {
  const nothing = (name: string) => `${name} holds nothing that the text became`;

  it(nothing("a hover card"), () =>
    visit(`${site}/inquiring-lines/why-is-everything-invented/`, async ({ page }) => {
      expect(await page.title()).toContain(HOSTILE.slice(0, 40));
      await page.locator(".essay .cite-note").first().hover();
      await page.locator("hover-card").waitFor();
      expect(await page.locator("hover-card").innerText()).toContain(`<${MARK}>`);
      expect(await page.locator(MARK).count()).toBe(0);
    }),
  );

  it(nothing("a search"), () =>
    visit(`${site}/search/?q=invented`, async ({ page }) => {
      await page.locator(".results li").first().waitFor();
      expect(await page.locator(".results").innerText()).toContain(`<${MARK}>`);
      expect(await page.locator(`${MARK}, .results img`).count()).toBe(0);
    }),
  );

  it(nothing("a cell of a trace"), () =>
    visit(`${site}/traces/river/`, async ({ page }) => {
      await page.locator(".trace-map td[tabindex='0']").first().focus();
      await page.keyboard.press("Enter");
      await page.locator(".cell-panel").waitFor();
      expect(await page.locator(".cell-panel").innerText()).toContain("onerror");
      expect(await page.locator(`${MARK}, .cell-panel img`).count()).toBe(0);
    }),
  );

  it(nothing("a chart that was touched"), () =>
    visit(`${site}/notes/does-the-invented-quantity-fall/`, async ({ page }) => {
      const chart = page.locator("sound-chart, sounding-log").first();
      await chart.scrollIntoViewIfNeeded();
      await chart.hover();
      await page.waitForLoadState("networkidle");
      expect(await page.locator(MARK).count()).toBe(0);
    }),
  );

  it(nothing("the page of what isn't there"), () =>
    visit(`${site}/notes/${encodeURIComponent(`<${MARK}>`)}/`, async ({ page, errors }) => {
      errors.length = 0;
      expect(await page.locator("nearest-pages a").count()).toBeGreaterThan(0);
      expect(await page.locator(MARK).count()).toBe(0);
    }),
  );
});
