import fc from "fast-check";
import type { Nodes, Root } from "mdast";
import { toString as plain } from "mdast-util-to-string";
import remarkParse from "remark-parse";
import { markdownToMdast } from "satteri";
import { unified } from "unified";
import { expect, it } from "vitest";
import { markdownOf } from "../../src/integrations/markdown-twins.ts";

const page = (main: string) =>
  markdownOf(`<!doctype html><html><body><nav>Menu</nav><main>${main}</main></body></html>`);

it("holds what stands in main and nothing else", () => {
  expect(page("<h1>Why?</h1><p>Because.</p>")).toBe("# Why?\n\nBecause.\n");
});

it("leaves out drawings, scripts, forms and what is hidden, keeps the words around", () => {
  const html =
    "<p>A<svg><text>axis</text></svg><script>run()</script><span hidden>kind</span> b</p><button>Copy</button><form><p>Type</p></form>";
  expect(page(html)).toBe("A b\n");
});

it("leads to twins within the site, and to what it was elsewhere", () => {
  const html =
    '<p><a href="/notes/x/#claim" title="hover">x</a> <a href="/artifacts/m/e/result.json">y</a> <a href="https://doi.org/1/">z</a></p>';
  expect(page(html)).toBe("[x](/notes/x/index.md#claim) [y](/artifacts/m/e/result.json) [z](https://doi.org/1/)\n");
});

it("keeps formulas as TeX", () => {
  const math =
    '<math><semantics><mi>W</mi><annotation encoding="application/x-tex">W_U h</annotation></semantics></math>';
  expect(page(`<p>Read ${math} out.</p>`)).toBe("Read $W_U h$ out.\n");
});

it("writes a description list a term a line, tables as tables", () => {
  expect(page("<dl><dt>unit</dt><dd>token</dd><dt>layers</dt><dd><ul><li>all</li><li>none</li></ul></dd></dl>")).toBe(
    "- unit: token\n- layers: all; none\n",
  );
  expect(page("<table><tr><th>depth</th></tr><tr><td>3</td></tr></table>")).toBe("| depth |\n| - |\n| 3 |\n");
});

it("sets apart what only style had set apart", () => {
  expect(page('<p>Half a nat.<span class="meta">registered</span></p>')).toBe("Half a nat. registered\n");
});

it("keeps lists apart, lines of verse as lines, and code as it was", () => {
  expect(page("<ul><li>a</li></ul><ul><li>b</li></ul>")).toBe("- a\n\n* b\n");
  expect(page("<ol><li><p>a</p><p>b</p></li><li>c<ul><li>d</li></ul></li></ol>")).toBe(
    "1. a\n\n   b\n\n2. c\n   - d\n",
  );
  expect(page("<p>a<br>b</p>")).toBe("a\\\nb\n");
  expect(page("<pre>a\n  ``` b</pre>")).toBe("````\na\n  ``` b\n````\n");
  expect(page('<table><tr><th colspan="2">a|b</th></tr><tr><td>1</td><td><code>c|d</code></td></tr></table>')).toBe(
    "| a\\|b | |\n| - | - |\n| 1 | `c\\|d` |\n",
  );
});

it("stands in HTML anywhere that text may: what a reader of Markdown finds there is that text", () => {
  const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  const places: [name: string, html: (text: string) => string, depth: number][] = [
    ["paragraph", (text) => `<p>${text}</p>`, 1],
    ["heading", (text) => `<h2>${text}</h2>`, 1],
    ["list", (text) => `<ul><li>${text}</li></ul>`, 3],
    ["table", (text) => `<table><tr><th>${text}</th></tr></table>`, 3],
    ["paragraph", (text) => `<p><a href="/x/">${text}</a></p>`, 2],
    ["paragraph", (text) => `<p><b>a ${text} b</b></p>`, 2],
  ];
  const marks = fc.constantFrom(..."\\`*_[](){}<>#+-=.!|~$&:/1a é·\u00a0".split(""), "<b>", "![", "&lt;", "---", "1. ");
  const text = fc
    .array(marks, { minLength: 1, maxLength: 12 })
    .map((parts) => parts.join("").replace(/ +/g, " ").trim());
  fc.assert(
    fc.property(fc.constantFrom(...places), text, ([name, html, depth], written) => {
      fc.pre(written.trim() === written && written !== "");
      const tree = markdownToMdast(page(html(escaped(written))), { features: { math: true } }) as Root;
      expect(tree.children).toMatchObject([{ type: name }]);
      let [inner]: Nodes[] = tree.children;
      for (let i = 1; i < depth; i++) inner = (inner as { children: Nodes[] }).children[0];
      expect((inner as { children: Nodes[] }).children.map(({ type }) => type)).toEqual(["text"]);
      expect(plain(inner)).toBe(name === "paragraph" && html("").includes("<b>") ? `a ${written} b` : written);
    }),
    { numRuns: 5000 },
  );
});

it("lets no text become markup", () => {
  const written = "<script>alert(1)</script> [a](javascript:x) *b* `c` # d $e$";
  const text = page(`<p>${written.replaceAll("<", "&lt;")}</p>`);
  const { children } = unified().use(remarkParse).parse(text);
  expect(children).toMatchObject([{ type: "paragraph", children: [{ type: "text", value: written }] }]);
});
