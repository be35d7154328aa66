import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";
import { policyFor } from "../facts/policy.ts";

/** What the server says with every answer. A page's own policy may be stricter (`policyFor`), never laxer. */
export const HEADERS: Readonly<Record<string, string>> = {
  "Content-Security-Policy": `${policyFor(["wasm"])}; frame-ancestors 'none'`,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** `_headers` as Netlify and Cloudflare Pages read it, for a site under `base` (`/wiki`, or empty). */
export const headersFile = (base: string): string =>
  [
    `${base}/*`,
    ...Object.entries(HEADERS).map(([name, value]) => `  ${name}: ${value}`),
    "",
    "# Named by the hash of what they hold.",
    `${base}/_astro/*`,
    "  Cache-Control: public, max-age=31536000, immutable",
    "",
    `${base}/sw.js`,
    "  Cache-Control: no-cache",
    "",
  ].join("\n");

/**
 * Writes what hosts want beside the pages: `_headers`, and `.nojekyll`, without which GitHub Pages, served from a branch,
 * leaves out what begins with `_`.
 */
export function headers(base: string): AstroIntegration {
  return {
    name: "soundings:headers",
    hooks: {
      "astro:build:done": async ({ dir }) => {
        const root = fileURLToPath(dir);
        await writeFile(join(root, "_headers"), headersFile(base));
        await writeFile(join(root, ".nojekyll"), "");
      },
    },
  };
}
