import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type * as vega from "vega";
import type * as vegaLite from "vega-lite";
import { cacheRoot } from "../facts/place.ts";
import { UnderWay } from "../facts/under-way.ts";
import { writeWhole } from "../facts/whole-file.ts";
import { drawApart } from "./draw-apart.ts";
import type { FigureFile } from "./figure-file.ts";
import type { Frame } from "./frame.ts";
import type { Reading } from "./readings.ts";

/** A chart ready for a page. */
export interface Rendered {
  /** An `svg` element with `role="img"`, its title and its description; colours are custom properties. */
  svg: string;
  /** The compiled Vega specification, for the interactive form. */
  vega: vega.Spec;
  frame: Frame;
  extra: ChartExtra;
  /** Content hash of all that went in. */
  id: string;
  cached: boolean;
}

/** What goes with a drawing. */
export interface ChartExtra {
  /** For the interactive form: what it says at each place. */
  words?: Reading[];
  /** For those who take it along. */
  file?: FigureFile;
}

export interface Words {
  title: string;
  description: string;
}

/** Bump when the finishing of the SVG below changes. */
const FINISH = 6;

/** Read from its file: what draws is loaded only where something is drawn. */
const versionOf = (name: string): string =>
  JSON.parse(readFileSync(join("node_modules", name, "package.json"), "utf8")).version;
const versions = { vega: versionOf("vega"), vegaLite: versionOf("vega-lite") };

export const CHART_CACHE = join(cacheRoot, "charts");

type Kept = Omit<Rendered, "id" | "cached">;

/**
 * Compiles a Vega-Lite specification to Vega and draws it to SVG, without a browser. What was drawn once from the same
 * specification, words and library versions is read from `cache`, whatever goes with it this time. Throws where a number in the
 * drawing is not finite.
 */
export async function renderChart(
  spec: vegaLite.TopLevelSpec,
  words: Words,
  cache: string = CHART_CACHE,
  extra: ChartExtra = {},
): Promise<Rendered> {
  const drawing = contentId([FINISH, versions, spec, words]);
  const { cached, ...kept } = await drawnOnce(cache, drawing, spec, words);
  if (Object.keys(extra).length === 0) return { ...kept, id: drawing, cached };
  const id = contentId([drawing, extra]);
  if (!(await readKept(cache, id))) await keep(cache, id, { ...kept, extra });
  return { ...kept, extra, id, cached };
}

const underWay = new UnderWay<Kept & Pick<Rendered, "cached">>();

const drawnOnce = (cache: string, id: string, spec: vegaLite.TopLevelSpec, words: Words) =>
  underWay.at(join(cache, id), async () => {
    const bare = await readKept(cache, id);
    if (bare) return { ...bare, cached: true };
    const kept = { ...(await drawApart(spec, words)), extra: {} };
    await keep(cache, id, kept);
    return { ...kept, cached: false };
  });

const contentId = (of: unknown): string => createHash("sha256").update(JSON.stringify(of)).digest("hex").slice(0, 16);

async function readKept(cache: string, id: string): Promise<Kept | undefined> {
  try {
    return JSON.parse(await readFile(join(cache, `${id}.json`), "utf8"));
  } catch {
    // Not there, or cut short by a killed build: drawn again either way.
    return undefined;
  }
}

const keep = (cache: string, id: string, rendered: Kept): Promise<void> =>
  writeWhole(join(cache, `${id}.json`), JSON.stringify(rendered));
