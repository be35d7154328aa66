import { readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AstroIntegration } from "astro";
import type { PageCard } from "../facts/social.ts";
import { CARD_CACHE, renderCard } from "../social/render.ts";
import type { BeginAfterwork } from "./after-pages.ts";

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
    let published: Promise<number> | undefined;
    const publish = async (cards: readonly PageCard[]) => {
      for (const { address, facts } of cards) {
        const file = join(root, address);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, await renderCard(facts, cache));
      }
      await rm(list);
      return cards.length;
    };
    const read = () => JSON.parse(readFileSync(list, "utf8")) as PageCard[];
    return {
      page() {
        if (published) return;
        try {
          published = publish(read());
        } catch {
          // Not there, or half written: the next page looks again.
        }
      },
      async done() {
        return `${await (published ?? publish(read()))} pages have a picture`;
      },
    };
  };
