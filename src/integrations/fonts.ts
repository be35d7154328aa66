import { createHash } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type { AstroIntegration } from "astro";
import subsetFont, { type VariationAxes } from "subset-font";
import { contentRoot } from "../facts/place.ts";
import { writeWhole } from "../facts/whole-file.ts";

interface Cut {
  /** Of the package that has the font whole. */
  readonly file: string;
  /** Weights and optical sizes that stay; one number is that one alone. */
  readonly axes?: VariationAxes;
}

const SERIF = "@fontsource-variable/source-serif-4/files/source-serif-4";

/**
 * The fonts that styles name as `soundings-fonts/<name>.woff2`. Text is set in one weight and one optical size; what is large
 * or strong in heavier ones, cut for large sizes.
 */
const CUTS: Readonly<Record<string, Cut>> = {
  "serif-text": { file: `${SERIF}-latin-opsz-normal.woff2`, axes: { wght: 400, opsz: 18 } },
  "serif-names": { file: `${SERIF}-latin-ext-opsz-normal.woff2`, axes: { wght: 400, opsz: 18 } },
  "serif-italic": { file: `${SERIF}-latin-opsz-italic.woff2`, axes: { wght: 400, opsz: 18 } },
  "serif-title": { file: `${SERIF}-latin-opsz-normal.woff2`, axes: { wght: { min: 500, max: 600 }, opsz: 32 } },
  sans: {
    file: "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    axes: { wght: { min: 400, max: 600 } },
  },
  mono: { file: "@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-400-normal.woff2" },
};

export const FONT_CACHE = join("node_modules", ".cache", "soundings", "fonts");

/** Latin as western Europe writes it; whatever else content and pages hold is added. */
const LATIN = Array.from({ length: 0x100 }, (_, code) => String.fromCodePoint(code)).filter((c) => /\P{C}/u.test(c));

/** Cuts the fonts down to the characters that the wiki writes and the weights that it uses, once for each set of both. */
export function fonts(cache: string = FONT_CACHE): AstroIntegration {
  return {
    name: "soundings:fonts",
    hooks: {
      "astro:config:setup": async ({ updateConfig, logger }) => {
        const text = [...new Set([...LATIN, ...(await charactersOf(["src", contentRoot]))])].sort().join("");
        const folder = join(
          cache,
          createHash("sha256")
            .update(JSON.stringify([CUTS, text]))
            .digest("hex")
            .slice(0, 16),
        );
        await mkdir(folder, { recursive: true });
        const there = new Set(await readdir(folder));
        for (const [name, cut] of Object.entries(CUTS)) {
          if (there.has(`${name}.woff2`)) continue;
          const bytes = await cutFont(cut, text);
          await writeWhole(join(folder, `${name}.woff2`), bytes);
          logger.info(`${name}: ${Math.round(bytes.length / 1024)} KiB`);
        }
        updateConfig({ vite: { resolve: { alias: { "soundings-fonts": resolve(folder) } } } });
      },
    },
  };
}

async function cutFont({ file, axes }: Cut, text: string): Promise<Buffer> {
  const whole = await readFile(createRequire(resolve("package.json")).resolve(file));
  return subsetFont(whole, text, { targetFormat: "woff2", variationAxes: axes });
}

/** Every character beyond ASCII in the sources under some folders. */
async function charactersOf(folders: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const folder of folders)
    for (const name of await readdir(folder, { recursive: true }))
      if (/\.(mdx|yaml|astro|ts)$/.test(name))
        for (const [character] of (await readFile(join(folder, name), "utf8")).matchAll(/[^\0-\x7f]/gu))
          found.add(character);
  return found;
}
