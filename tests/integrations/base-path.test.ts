import { expect, it } from "vitest";
import { sitemapWithBase, withBase } from "../../src/integrations/base-path.ts";

it("puts the folder before addresses from the top of the host, and before nothing else", () => {
  const before = `<a href="/notes/">/notes/</a> <a href="#top">x</a> <a href="https://x.example/">y</a> <a href="//z.example/">z</a>
<script src="/theme.js"></script><form action="/traces/"><i data-card="/cards/a/" data-sources="/a.json /b.json" data-estimate="m/e/i">
<meta http-equiv="refresh" content="0; url=/notes/new/"><meta name="description" content="/ is divided">`;
  expect(withBase(before, "/wiki")).toBe(
    `<a href="/wiki/notes/">/notes/</a> <a href="#top">x</a> <a href="https://x.example/">y</a> <a href="//z.example/">z</a>
<script src="/wiki/theme.js"></script><form action="/wiki/traces/"><i data-card="/wiki/cards/a/" data-sources="/wiki/a.json /wiki/b.json" data-estimate="m/e/i">
<meta http-equiv="refresh" content="0; url=/wiki/notes/new/"><meta name="description" content="/ is divided">`,
  );
  expect(withBase("@font-face{src:url(/_astro/a.woff2)format(woff2)} i{background:url(data:x)}", "/wiki")).toBe(
    "@font-face{src:url(/wiki/_astro/a.woff2)format(woff2)} i{background:url(data:x)}",
  );
});

it("puts it into a sitemap, which knows its host alone", () => {
  expect(sitemapWithBase("<loc>https://host.example/notes/x/</loc>", "/wiki")).toBe(
    "<loc>https://host.example/wiki/notes/x/</loc>",
  );
});
