import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AstroIntegration } from "astro";
import type { PageCard } from "../facts/social.ts";
import { CARD_CACHE, renderCard } from "../social/render.ts";
import type { BeginAfterwork } from "./after-pages.ts";
import { OnceWritten } from "./once-written.ts";

/** Where a build finds what stands on each picture (`pages/card-pictures.json.ts`). */
const LIST = "card-pictures.json";

/** In `astro dev`: draws the picture of a page when it is asked for. */
export function socialCards(): AstroIntegration {
  return {
    name: "soundings:social",
    hooks: {
      "astro:config:setup": ({ command, injectRoute }) => {
        if (command === "dev") injectRoute({ pattern: "/social/[kind]/[id].png", entrypoint: "./src/social/route.ts" });
      },
    },
  };
}

/** Writes every page's picture, from the first page on that finds their list written. */
export const publishSocial =
  (cache: string = CARD_CACHE): BeginAfterwork =>
  (root) => {
    const list = join(root, LIST);
    const published = new OnceWritten<PageCard>(list, async (cards) => {
      for (const { address, facts } of cards) {
        const file = join(root, address);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, await renderCard(facts, cache));
      }
      await rm(list);
    });
    return {
      page: () => published.look(),
      async done() {
        return `${await published.done()} pages have a picture`;
      },
    };
  };
