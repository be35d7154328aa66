import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verifySite } from "../../pipeline/commands/support/verify-site.ts";

let dist = "";
beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), "dist-"));
});
afterEach(() => rmSync(dist, { recursive: true }));

function site(files: Record<string, string>) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dist, name)), { recursive: true });
    writeFileSync(join(dist, name), text);
  }
}
const page = (body: string, head = "") =>
  `<!doctype html><html><head><title>T</title>${head}</head><body>${body}</body></html>`;
const problemsOf = (body: string, head = "") => {
  site({
    "index.html": page(body, head),
    "notes/a/index.html": page('<h2 id="claims">C</h2><a href="../../">home</a>'),
    "x.css": "a { color: red }",
  });
  return verifySite(dist).problems;
};

describe("a built site", () => {
  it("is whole when every link, anchor and resource leads somewhere", () => {
    site({
      "index.html": page(
        '<a id="here" href="/notes/a/">a</a><a href="notes/a/#claims">b</a><a href="#here">c</a><a href="#">up</a><a href="https://elsewhere.example/x#y">out</a><a href="mailto:a@b.example">mail</a><img src="/i.png" srcset="/i.png 1x, /i.png 2x"><svg><use href="/icons.svg#tick"/></svg><a href="/notes/a/?q=1#:~:text=C">text</a>',
        '<link rel="stylesheet" href="/s.css"><link rel="canonical" href="https://soundings.example/"><link rel="alternate" href="https://soundings.example/notes/a/"><script src="/s.js"></script>',
      ),
      "notes/a/index.html": page('<h2 id="claims">C</h2><a href="/">home</a>'),
      "s.css": "@font-face { src: url('/f.woff2') } a { mask: url(data:image/svg+xml,x) }",
      "s.js": "",
      "f.woff2": "",
      "i.png": "",
      "icons.svg": "<svg/>",
    });
    const report = verifySite(dist, { pages: ["/", "/notes/a/"], files: ["i.png"] });
    expect(report).toMatchObject({ pages: 2, problems: [], followed: 14 });
    expect(report.bytes).toBeGreaterThan(600);
  });

  it.each([
    ['<a href="/nowhere/">x</a>', '/: <a href="/nowhere/">: nothing is there'],
    ['<a href="/notes/a/#gone">x</a>', '/: <a href="/notes/a/#gone">: that page has no id "gone"'],
    ['<a href="#gone">x</a>', 'has no id "gone"'],
    ['<a href="/notes/a">x</a>', "lacks the final /"],
    ['<a href="">x</a>', "the address is empty"],
    ['<a href="javascript:go()">x</a>', "runs a script"],
    ['<img src="/gone.png">', '<img src="/gone.png">: nothing is there'],
    ['<img srcset="/x.css 1x, /gone.png 2x">', "nothing is there"],
    ['<script src="https://cdn.example/x.js"></script>', "would be fetched from another site"],
    ['<span data-card="/cards/gone/">x</span>', '<span data-card="/cards/gone/">: nothing is there'],
    ['<p id="a"></p><p id="a"></p>', '/: the id "a" is given more than once'],
  ])("with %s is not", (body, problem) => {
    expect(problemsOf(body).join("\n")).toContain(problem);
    expect(problemsOf(body)).toHaveLength(1);
  });

  it("is not when a style fetches what isn't there, or from elsewhere", () => {
    site({
      "index.html": page(""),
      "a/s.css": "a { background: url(gone.png) } /* url(old.png) */ b { src: url('https://x.example/f.woff2') }",
    });
    expect(verifySite(dist).problems).toEqual([
      "/a/s.css: url(gone.png): nothing is there",
      "/a/s.css: url(https://x.example/f.woff2): would be fetched from another site",
    ]);
  });

  it("is not when a page or a file that was asked for is missing, has no title, or gives away a path", () => {
    site({ "index.html": "<p>/home/me/soundings/src</p>" });
    expect(
      verifySite(dist, { pages: ["/", "/notes/b/"], files: ["pagefind/pagefind.js"], secrets: ["/home/me/soundings"] })
        .problems,
    ).toEqual([
      '/index.html: holds "/home/me/soundings", a path of the machine that built it',
      "/: has no title",
      "/notes/b/: the page was not built",
      "/pagefind/pagefind.js: the file was not built",
    ]);
    expect(verifySite(join(dist, "nothing")).problems).toHaveLength(1);
  });
});
