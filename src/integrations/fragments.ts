import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AstroIntegration } from "astro";
import { FRAGMENT_CACHE, fragmentAddress } from "../facts/fragments.ts";
import type { BeginAfterwork } from "./after-pages.ts";

const NAMED = /\/cards\/figures\/([0-9a-f]{16})\//g;

/** In `astro dev`: serves the fragments that pages name (`data-fragment`). */
export function fragments(cache: string = FRAGMENT_CACHE): AstroIntegration {
  return {
    name: "fragments",
    hooks: {
      "astro:server:setup": ({ server }) => {
        server.middlewares.use(async (request, response, next) => {
          const [, id] = new RegExp(NAMED.source).exec(request.url ?? "") ?? [];
          if (id === undefined) return next();
          try {
            const body = await readFile(join(cache, `${id}.html`), "utf8");
            response.setHeader("content-type", "text/html; charset=utf-8");
            response.end(body);
          } catch (error) {
            next(error);
          }
        });
      },
    },
  };
}

/** Publishes the fragments that built pages name (`data-fragment`), and no others. */
export const publishFragments =
  (cache: string = FRAGMENT_CACHE): BeginAfterwork =>
  (root) => {
    const named = new Set<string>();
    return {
      page({ html }) {
        for (const [, id] of html.matchAll(NAMED)) named.add(id!);
      },
      async done() {
        for (const id of named) {
          const folder = join(root, fragmentAddress(id));
          await mkdir(folder, { recursive: true });
          await copyFile(join(cache, `${id}.html`), join(folder, "index.html"));
        }
        return `${named.size} parts of pages to be fetched when wanted`;
      },
    };
  };

/** The HTML of each that was published. */
export async function* publishedFragments(root: string): AsyncGenerator<string> {
  const folder = join(root, fragmentAddress(""));
  if (!existsSync(folder)) return;
  for (const id of await readdir(folder)) yield await readFile(join(folder, id, "index.html"), "utf8");
}
