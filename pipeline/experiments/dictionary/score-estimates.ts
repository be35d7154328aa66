import type { Estimate } from "../../artifacts/schema.ts";
import type { CurvePoint } from "../../artifacts/tables.ts";
import { type Draws, derive, difference, intervals } from "../../statistics/bootstrap.ts";
import { controlled } from "../support/estimates.ts";
import {
  contrastEstimates,
  contrastOf,
  type DepthCurve,
  type DrawOptions,
  depthCurve,
  matchedContrast,
} from "../units/depth-contrasts.ts";
import { DEFINITIONS, type Definition } from "../units/score-units.ts";
import type { Found } from "./rows.ts";
import { DEFINITION_LABELS, KIND_LABELS, METHODS, SCORED_KINDS, THIRDS } from "./words.ts";

/** What shards found at the three blocks, first the early one. */
export type Blocks = readonly Found[];

/** Each feature's score at its block, all with the mean derivative of their block's by the documents' weights. */
function scoresOf(blocks: Blocks, series: string, definition: Definition) {
  return blocks.flatMap(({ features, influences }, block) => {
    const found = influences.find((row) => row.series === series && row.definition === definition);
    if (!found) return [];
    return features
      .filter((row) => row.series === series)
      .map((row) => ({ block, rate: row.rate, score: { value: row[definition], influence: found.influence } }));
  });
}

/** The curve of a series over the three blocks; undefined where a block has none of it. */
export function curveOf(blocks: Blocks, series: string, definition: Definition, options: DrawOptions) {
  const scores = scoresOf(blocks, series, definition);
  if (new Set(scores.map(({ block }) => block)).size < blocks.length) return undefined;
  return depthCurve(scores, blocks.length, options);
}

interface Curves {
  readonly own: DepthCurve;
  readonly rw: DepthCurve;
  readonly rd: DepthCurve | undefined;
  readonly sl: DepthCurve | undefined;
}

const CONTRASTS = {
  "early-minus-middle": "early block minus middle one",
  "early-minus-late": "early block minus late one",
} as const;

/** Levels and contrasts of every kind and definition, and features against units. */
export function scoreEstimates(trained: Blocks, random: Blocks, rateBins: number, options: DrawOptions): Estimate[] {
  return DEFINITIONS.flatMap((definition) => {
    const curves = (kind: string): Curves => {
      const [own, rw] = [curveOf(trained, kind, definition, options), curveOf(random, kind, definition, options)];
      if (!own || !rw) throw new Error(`dictionary: a block has no scored features of "${kind}".`);
      const other = (suffix: string) => curveOf(trained, `${kind}-${suffix}`, definition, options);
      return { own, rw, rd: other("rd"), sl: other("sl") };
    };
    const units = curves("units");
    return SCORED_KINDS.flatMap((kind) => {
      const { own, rw, rd, sl } = kind === "units" ? units : curves(kind);
      const method = METHODS[definition];
      const label = `${DEFINITION_LABELS[definition]}, ${KIND_LABELS[kind]}`;
      const levels = (["early", "middle", "late"] as const).flatMap((third) =>
        contrastEstimates(
          contrastOf(own, third),
          [
            ...(sl ? [{ code: "sl", words: "activations of another document", draws: contrastOf(sl, third) }] : []),
            { code: "rw", words: "random weights", draws: contrastOf(rw, third) },
          ],
          { id: `${kind}-${definition}-${third}`, label: `${label}, ${THIRDS[third]}`, unit: "", method },
        ),
      );
      const contrasts = (["early-minus-middle", "early-minus-late"] as const).flatMap((contrast) => {
        const words = {
          id: `${kind}-${definition}-${contrast}`,
          label: `${label}, ${CONTRASTS[contrast]}`,
          unit: "",
          method,
        };
        const controls = [
          { code: "rw", words: "random weights", draws: contrastOf(rw, contrast) },
          ...(rd ? [{ code: "rd", words: "random directions", draws: contrastOf(rd, contrast) }] : []),
        ];
        const matched = matchedContrast(scoresOf(trained, kind, definition), 3, contrast, rateBins, options);
        const naming = {
          ...words,
          id: `${words.id}-matched`,
          label: `${words.label}, matched in firing rate`,
          method: `${method}; compared within ${rateBins} bins of firing rate`,
        };
        // Where the blocks' rates don't overlap, nothing can be matched.
        const comparable =
          matched.values.every(Number.isFinite) && intervals(matched).every(({ lo }) => !Number.isNaN(lo));
        return [
          ...contrastEstimates(contrastOf(own, contrast), controls, words),
          ...(comparable ? contrastEstimates(matched, [], naming) : []),
        ];
      });
      if (kind === "units") return [...levels, ...contrasts];
      const below = controlled(minus(own, units.own), minus(rw, units.rw), "rw", "random weights", "document", {
        id: `${kind}-${definition}-minus-units`,
        label: `${label}, less the block's units, mean of three blocks`,
        unit: "",
        method,
        tolerance: 0.01,
      });
      return [...levels, ...contrasts, ...below];
    });
  });
}

/** One series less another, the mean over the blocks. */
const minus = (own: DepthCurve, other: DepthCurve): Draws =>
  derive(difference(own.draws, other.draws), (means) => [means.reduce((sum, x) => sum + x, 0) / means.length]);

/** Points of every score's curves, at the blocks' numbers. */
export function scorePoints(
  trained: Blocks,
  random: Blocks,
  numbers: readonly number[],
  options: DrawOptions,
): CurvePoint[] {
  return DEFINITIONS.flatMap((definition) =>
    SCORED_KINDS.flatMap((kind) => {
      const all: [string, Blocks, string][] = [
        ["model", trained, kind],
        ["RW", random, kind],
        ["RD", trained, `${kind}-rd`],
        ["SL", trained, `${kind}-sl`],
        ...(kind === "units" ? [] : ([["MU", trained, "units"]] as [string, Blocks, string][])),
      ];
      return all.flatMap(([series, blocks, name]) => {
        const curve = curveOf(blocks, name, definition, options);
        if (!curve) return [];
        return intervals(curve.draws).map((interval, i) => ({
          quantity: `${kind}-${definition}`,
          series,
          x: numbers[i]!,
          ...interval,
        }));
      });
    }),
  );
}
