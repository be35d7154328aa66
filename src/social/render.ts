import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import satori, { type Font } from "satori";
import { cacheRoot } from "../facts/place.ts";
import { writeWhole } from "../facts/whole-file.ts";
import { CARD_HEIGHT, CARD_WIDTH, type CardFacts, socialCard } from "./card.ts";

export const CARD_CACHE = join(cacheRoot, "social");

/** Bump when the look of the card changes. */
const VERSION = 2;

const require = createRequire(resolve("package.json"));
const font = (name: string, folder: string, subset: string, weight: 400 | 500 | 600): Font => ({
  name,
  data: readFileSync(require.resolve(`@fontsource/${folder}/files/${folder}-${subset}-${weight}-normal.woff`)),
  weight,
  style: "normal",
});

let fonts: Font[] | undefined;

/** Type as files that satori reads; letters that none of them has are drawn as boxes. */
const allFonts = (): Font[] => {
  fonts ??= ["latin", "latin-ext", "greek", "cyrillic"].flatMap((subset) => [
    font("Serif", "source-serif-4", subset, 500),
    font("Sans", "inter", subset, 400),
    font("Sans", "inter", subset, 600),
  ]);
  return fonts;
};

/** The picture of a page as a PNG of 1200 × 630. What was drawn once from the same facts is read from `cache`. */
export async function renderCard(facts: CardFacts, cache: string = CARD_CACHE): Promise<Buffer<ArrayBuffer>> {
  const id = createHash("sha256")
    .update(JSON.stringify([VERSION, facts]))
    .digest("hex")
    .slice(0, 16);
  const file = join(cache, `${id}.png`);
  try {
    return await readFile(file);
  } catch {
    // Not drawn yet.
  }
  const drawn = await satori(socialCard(facts) as Parameters<typeof satori>[0], {
    width: CARD_WIDTH,
    height: CARD_HEIGHT,
    fonts: allFonts(),
  });
  const png = Buffer.from(new Resvg(drawn, { font: { loadSystemFonts: false } }).render().asPng());
  await writeWhole(file, png);
  return png;
}
