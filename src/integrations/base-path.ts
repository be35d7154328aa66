import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";
import type { UserConfig } from "vite";

/** Attributes that hold addresses: links and forms, sources, what scripts fetch, and where an old page leads; in styles, files. */
const ADDRESSES = /(\s(?:href|src|action|data-[a-z-]+)="|\scontent="0; url=|\burl\("?)(\/[^")]*)(?=[")])/g;

const experimental: UserConfig["experimental"] = {
  // What the server renders goes into HTML and styles, where addresses start from the top.
  renderBuiltUrl: (_, { ssr }) => (ssr ? undefined : { relative: true }),
};

/**
 * Puts the folder under which the site is served before every address of its pages, which are written as if it were served
 * from the top of its host, and of their styles. Scripts find each other by relative addresses and need none of it.
 */
export function basePath(base: string): AstroIntegration {
  return {
    name: "soundings:base-path",
    hooks: {
      "astro:config:setup": ({ updateConfig }) => {
        updateConfig({ vite: { experimental } });
      },
      "astro:build:done": async ({ dir }) => {
        if (base === "") return;
        const root = fileURLToPath(dir);
        for (const file of await readdir(root, { recursive: true }))
          if (/\.(html|css)$/.test(file)) {
            const path = join(root, file);
            await writeFile(path, withBase(await readFile(path, "utf8"), base));
          } else if (/^sitemap.*\.xml$/.test(file)) {
            const path = join(root, file);
            await writeFile(path, sitemapWithBase(await readFile(path, "utf8"), base));
          }
      },
    },
  };
}

/** A sitemap's addresses: the integration that writes them knows the host of `site` alone. */
export const sitemapWithBase = (xml: string, base: string): string =>
  xml.replace(/(<loc>https?:\/\/[^/<]+)\//g, `$1${base}/`);

/** A page's HTML, or its styles, with `base` (`/wiki`) before each address that starts from the top of the host. */
export const withBase = (html: string, base: string): string =>
  html.replace(
    ADDRESSES,
    (_, attribute: string, addresses: string) =>
      attribute + addresses.replaceAll(/(^| )\/(?!\/)/g, (_, before: string) => `${before}${base}/`),
  );
