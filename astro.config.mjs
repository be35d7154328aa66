import { unified } from "@astrojs/markdown-remark";
import mdx from "@astrojs/mdx";
import sitemap from "@astrojs/sitemap";
import { defineConfig } from "astro/config";
import rehypeKatex from "rehype-katex";
import remarkMath from "remark-math";
import { isRead } from "./src/facts/moved.ts";
import { base, origin, publicRoot, root } from "./src/facts/place.ts";
import { basePath } from "./src/integrations/base-path.ts";
import { charts } from "./src/integrations/charts.ts";
import { fragments } from "./src/integrations/fragments.ts";
import { headers } from "./src/integrations/headers.ts";
import { markdownTwins } from "./src/integrations/markdown-twins.ts";
import { pagefind } from "./src/integrations/pagefind.ts";
import { rehypeMargin } from "./src/integrations/rehype-margin.ts";

export default defineConfig({
  site: origin,
  trailingSlash: "always",
  publicDir: publicRoot,
  // Entries are cached by path: a test's vault must not meet the site's.
  cacheDir: root === "." ? "node_modules/.astro/site" : "node_modules/.astro/vault",
  devToolbar: { enabled: false },
  // Every script and style is a file of its own: the content-security policy allows no inline ones.
  build: { inlineStylesheets: "never" },
  vite: {
    // The live trace's worker imports the engine piece by piece.
    worker: { format: "es" },
    build: {
      assetsInlineLimit: 0,
      rolldownOptions: {
        // Astro marks MDX modules with a directive of its own, which the bundler may drop: known, and told for each file.
        onLog: (level, log, say) => log.code === "MODULE_LEVEL_DIRECTIVE" || say(level, log),
      },
    },
  },
  markdown: {
    // Highlighters write inline styles, which the policy forbids.
    syntaxHighlight: false,
    processor: unified({
      remarkPlugins: [remarkMath],
      rehypePlugins: [[rehypeKatex, { output: "mathml" }], rehypeMargin],
    }),
  },
  integrations: [
    mdx(),
    sitemap({ filter: (page) => isRead(new URL(page).pathname) }),
    fragments(),
    charts(),
    markdownTwins(),
    pagefind(),
    headers(base),
    basePath(base),
  ],
});
