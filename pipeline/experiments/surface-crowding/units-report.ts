import type { Estimate } from "../../artifacts/schema.ts";
import type { CurvePoint, Quantity } from "../../artifacts/tables.ts";
import { bootstrap } from "../../statistics/bootstrap.ts";
import { pearson, ranks } from "../../statistics/rank.ts";
import { contrastEstimates, contrastOf, type DrawOptions, depthCurve, pointsOf } from "../units/depth-contrasts.ts";
import type { Leads } from "./told-by.ts";

export interface LedUnit {
  readonly block: number;
  readonly leads: Leads;
  /** Probability that two of its contexts lie in different clusters; where it was asked for. */
  readonly mixed?: number;
}

export type LedUnits = Readonly<Record<"model" | "RW" | "SL", readonly LedUnit[]>>;

const QUANTITY = { spelling: "told-by-spelling", meaning: "told-by-meaning", lead: "surface-lead" } as const;
const LABEL = {
  spelling: "Told by spelling",
  meaning: "Told by meaning",
  lead: "Lead of spelling over meaning",
} as const;
const METHOD =
  "held-out R² of group means by the best labels of the family, less that of the same labels dealt anew among tokens of like frequency; bootstrap over documents, by each score's influence function, and over the units of each block";

export const UNIT_QUANTITIES: Quantity[] = (["spelling", "meaning", "lead"] as const).map((kind) => ({
  quantity: QUANTITY[kind],
  label: LABEL[kind].toLowerCase(),
  unit: "R²",
  x: "block",
  about: `${LABEL[kind]}: ${METHOD.split(";")[0]}.`,
}));

/** Curves over blocks and estimates of thirds. */
export function unitsReport(units: LedUnits, blocks: number, options: DrawOptions) {
  const points: CurvePoint[] = [];
  const estimates: Estimate[] = [];
  for (const kind of ["spelling", "meaning", "lead"] as const) {
    const curve = (series: keyof LedUnits) =>
      depthCurve(
        units[series].map(({ block, leads }) => ({ block, score: leads[kind] })),
        blocks,
        options,
      );
    const curves = { model: curve("model"), RW: curve("RW"), SL: curve("SL") };
    for (const series of ["model", "RW", "SL"] as const)
      points.push(...pointsOf(curves[series], QUANTITY[kind], series));
    for (const [contrast, words] of CONTRASTS)
      estimates.push(
        ...contrastEstimates(
          contrastOf(curves.model, contrast),
          [
            { code: "rw", words: "random weights", draws: contrastOf(curves.RW, contrast) },
            { code: "sl", words: "activations of another document", draws: contrastOf(curves.SL, contrast) },
          ],
          { id: `${QUANTITY[kind]}-${contrast}`, label: `${LABEL[kind]}, ${words}`, unit: "R²", method: METHOD },
        ),
      );
  }
  for (const [third, words] of THIRDS) estimates.push(spelledAndMixed(units.model, blocks, third, words, options));
  return { points, estimates };
}

const THIRDS = [
  ["early", "first third of the blocks"],
  ["middle", "middle third"],
  ["late", "last third"],
] as const;
const CONTRASTS = [
  ...THIRDS,
  ["early-minus-middle", "first third minus middle third"],
  ["early-minus-late", "first third minus last third"],
] as const;

/** Within blocks: do the units that spelling tells most of have contexts of the most kinds? */
function spelledAndMixed(
  units: readonly LedUnit[],
  blocks: number,
  third: (typeof THIRDS)[number][0],
  words: string,
  { resamples, seed }: DrawOptions,
): Estimate {
  const t = THIRDS.findIndex(([id]) => id === third);
  const from = Math.floor((blocks * t) / 3);
  const to = Math.floor((blocks * (t + 1)) / 3);
  const rows = Array.from({ length: to - from }, (_, b) => {
    const of = units.filter(({ block, mixed }) => block === from + b && mixed !== undefined);
    const spelled = centredRanks(of.map(({ leads }) => leads.spelling.value));
    const mixed = centredRanks(of.map((unit) => unit.mixed!));
    return of.map((_, i) => [spelled[i]!, mixed[i]!] as const);
  }).flat();
  const correlation = (which: Int32Array) =>
    pearson(
      Array.from(which, (i) => rows[i]![0]),
      Array.from(which, (i) => rows[i]![1]),
    );
  return {
    id: `spelled-and-mixed-${third}`,
    label: `Rank correlation, within blocks, of what spelling tells of a unit with how many kinds its contexts are of, ${words}`,
    unit: "rank correlation",
    method:
      "ranks within each block, pooled; score clusters of unit-polysemanticity on the same passages; bootstrap over units",
    tolerance: 0.02,
    ...bootstrap(rows.length, correlation, { resamples, seed }),
    level: 0.95,
    n: rows.length,
    per: "unit",
  };
}

function centredRanks(values: readonly number[]): number[] {
  const of = Array.from(ranks(values));
  const middle = (of.length + 1) / 2;
  return of.map((rank) => (rank - middle) / of.length);
}
