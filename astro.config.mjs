import { join } from "node:path";
import { satteri } from "@astrojs/markdown-satteri";
import mdx from "@astrojs/mdx";
import sitemap from "@astrojs/sitemap";
import { defineConfig } from "astro/config";
import { isRead } from "./src/facts/moved.ts";
import { base, cacheRoot, origin, publicRoot } from "./src/facts/place.ts";
import { basePath } from "./src/integrations/base-path.ts";
import { builtPages } from "./src/integrations/built-pages.ts";
import { charts } from "./src/integrations/charts.ts";
import { claimMargin } from "./src/integrations/claim-margin.ts";
import { fonts } from "./src/integrations/fonts.ts";
import { fragments } from "./src/integrations/fragments.ts";
import { freshFacts } from "./src/integrations/fresh-facts.ts";
import { headers } from "./src/integrations/headers.ts";
import { lastBuildAside } from "./src/integrations/last-build-aside.ts";
import { mathml } from "./src/integrations/mathml.ts";
import { socialCards } from "./src/integrations/social.ts";

export default defineConfig({
  site: origin,
  trailingSlash: "always",
  publicDir: publicRoot,
  cacheDir: join(cacheRoot, "astro"),
  // Pages whose facts and code are those of the last build are kept (src/facts/cache-keys.ts).
  experimental: { incrementalBuild: true },
  devToolbar: { enabled: false },
  // Every script and style is a file of its own: the content-security policy allows no inline ones. Many pages at once, since
  // each waits for files and drawings.
  build: { inlineStylesheets: "never", concurrency: 32 },
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
    processor: satteri({ features: { math: true }, hastPlugins: [mathml, claimMargin] }),
  },
  integrations: [
    fonts(),
    mdx(),
    sitemap({ filter: (page) => isRead(new URL(page).pathname) }),
    freshFacts(),
    fragments(),
    charts(),
    socialCards(),
    builtPages(),
    headers(base),
    basePath(base),
    lastBuildAside(),
  ],
});
