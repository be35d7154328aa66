import type { Estimate, Table } from "../../artifacts/schema.ts";
import type { CurvePoint, Quantity, Series } from "../../artifacts/tables.ts";
import { type Draws, drawRatios, intervals } from "../../statistics/bootstrap.ts";
import { holm } from "../../statistics/holm.ts";
import { signFlip } from "../../statistics/permutation.ts";
import { column } from "../support/column.ts";
import { controlled } from "../support/estimates.ts";
import type { NounEffects } from "./measure-nouns.ts";

/** Draws of Σ effect / Σ clean lean over nouns: an effect as a share of how far the clean state leans. */
const share = (nouns: readonly NounEffects[], effect: (noun: NounEffects) => number, seed: number): Draws =>
  drawRatios(
    nouns.map(effect),
    nouns.map(({ clean }) => clean),
    1,
    { seed },
  );

const WAYS = ["direct", "patched", "ablated"] as const;
const METHODS: Record<(typeof WAYS)[number], string> = {
  direct:
    "difference between the two sentences of a pair of what the sublayers' writes at the noun add to the probe's logit; both kinds together make up the whole difference",
  patched:
    "fall of the probe's logit when one sublayer's write at the noun is that of the pair's other sentence, summed over sublayers; what follows is computed anew",
  ablated:
    "fall of the probe's logit when one sublayer's write at the noun is its mean over the noun's sentences, summed over sublayers; what follows is computed anew",
};
/** In order of computation a block's attention comes before its MLP. */
const KINDS = { attention: 0, mlp: 1 } as const;
const PROBE =
  "logistic probe for each noun on the state at the noun, held-out cue words; as a share of the clean logit; bootstrap over nouns";

export function causeEstimates(nouns: readonly NounEffects[], seed: number): Estimate[] {
  const unit = "of the clean lean";
  const byKind = WAYS.flatMap((way) =>
    (Object.keys(KINDS) as (keyof typeof KINDS)[]).flatMap((kind) => {
      const sum = (axis: 0 | 1) => (noun: NounEffects) =>
        noun[way][axis].reduce((total, effect, w) => total + (w % 2 === KINDS[kind] ? effect : 0), 0);
      return controlled(share(nouns, sum(0), seed), share(nouns, sum(1), seed), "sl", "shuffled senses", "noun", {
        id: `${way}-${kind}`,
        label: `Sense at the noun by ${kind === "mlp" ? "MLPs" : kind}, ${way}`,
        unit,
        method: `${METHODS[way]}; ${PROBE}`,
        tolerance: 0.05,
      });
    }),
  );
  const cut = controlled(
    share(nouns, ({ cutCue }) => cutCue, seed),
    share(nouns, ({ cutOther }) => cutOther, seed),
    "other",
    "as many other tokens near the cue",
    "noun",
    {
      id: "cut-cue",
      label: "Fall of the lean when the noun may not read the cue",
      unit,
      method: `every head's edges from the noun's tokens to the cue's cut in every block below; ${PROBE}`,
      tolerance: 0.05,
    },
  );
  const right = [0, 1].map((axis) =>
    drawRatios(
      nouns.map((noun) => noun.right[axis]!),
      nouns.map(({ sentences }) => sentences),
      1,
      { seed },
    ),
  );
  const behaviour = controlled(right[0]!, right[1]!, "sl", "shuffled senses", "noun", {
    id: "clean-right",
    label: "Sentences whose clean state leans to the right sense",
    unit: "of sentences",
    method: "logistic probe for each noun on the state at the noun, held-out cue words; bootstrap over nouns",
    tolerance: 0.02,
  });
  return [...byKind, ...cut, ...behaviour, ...bestHead(nouns, seed)];
}

/** The head that matters most: chosen on half of the nouns, told on the other, both ways; its control is the mean head. */
function bestHead(nouns: readonly NounEffects[], seed: number): Estimate[] {
  const heads = nouns[0]!.cutHeads.length;
  const best = [0, 1].map((half) => {
    const sums = new Float64Array(heads);
    for (const [n, { cutHeads, clean }] of nouns.entries())
      if (n % 2 !== half) for (let h = 0; h < heads; h++) sums[h]! += cutHeads[h]! / clean;
    return sums.indexOf(Math.max(...sums));
  });
  const place = new Map(nouns.map((noun, n) => [noun, best[n % 2]!]));
  return controlled(
    share(nouns, (noun) => noun.cutHeads[place.get(noun)!]!, seed),
    share(nouns, ({ cutHeads }) => cutHeads.reduce((sum, x) => sum + x, 0) / heads, seed),
    "mean",
    "the mean head",
    "noun",
    {
      id: "best-head",
      label: "Fall of the lean when the most important head may not read the cue",
      unit: "of the clean lean",
      method: `head chosen on the other half of the nouns; ${PROBE}`,
      tolerance: 0.05,
    },
  );
}

/** Effects by block, with the control's. */
export function causeCurves(nouns: readonly NounEffects[], seed: number): CurvePoint[] {
  const blocks = nouns[0]!.direct[0].length / 2;
  return WAYS.flatMap((way) =>
    [0, 1].flatMap((axis) =>
      (Object.keys(KINDS) as (keyof typeof KINDS)[]).flatMap((kind) => {
        const columns = nouns.flatMap((noun) =>
          Array.from({ length: blocks }, (_, b) => noun[way][axis as 0 | 1][2 * b + KINDS[kind]]!),
        );
        const draws = drawRatios(
          columns,
          nouns.map(({ clean }) => clean),
          blocks,
          { seed },
        );
        const series = axis === 0 ? kind : `SL-${kind}`;
        return intervals(draws).map((interval, x) => ({ quantity: way, series, x, ...interval }));
      }),
    ),
  );
}

export const QUANTITIES: Quantity[] = WAYS.map((way) => ({
  quantity: way,
  label: {
    direct: "written, along the sense",
    patched: "patched from the other sense",
    ablated: "replaced by its mean",
  }[way],
  unit: "of the clean lean",
  x: "block",
  about: METHODS[way],
}));

export const SERIES: Series[] = [
  { series: "attention", label: "attention", role: "measurement", about: "each block's attention" },
  { series: "mlp", label: "MLP", role: "part", about: "each block's MLP" },
  {
    series: "SL-attention",
    label: "attention, shuffled senses",
    role: "control",
    about: "along a probe fitted on senses dealt out anew",
  },
  { series: "SL-mlp", label: "MLP, shuffled senses", role: "control", about: "the same for MLPs" },
];

/** Every head that was searched, with its p after Holm, strongest first. */
export function headTable(nouns: readonly NounEffects[], nHeads: number, seed: number): Table {
  const effects = Array.from({ length: nouns[0]!.cutHeads.length }, (_, h) =>
    nouns.map(({ cutHeads, clean }) => cutHeads[h]! / clean),
  );
  // All sign patterns of the nouns, so that p can be small enough for as many heads as are searched.
  const tests = effects.map((of) => signFlip(of, { permutations: 2 ** Math.min(of.length, 16), seed }));
  const adjusted = holm(tests.map(({ p }) => p));
  const rows = tests
    .map(({ value, p }, h) => [Math.floor(h / nHeads), h % nHeads, value, p, adjusted[h]!])
    .sort((a, b) => b[2]! - a[2]!);
  return {
    title: "Heads",
    columns: [
      column("block", "integer", "", "block"),
      column("head", "integer", "", "head"),
      column(
        "effect",
        "number",
        "of the clean lean",
        "mean over nouns of the fall of the lean when this head alone may not read the cue",
      ),
      column("p", "number", "", "sign-flip test over nouns, two-sided"),
      column("holm", "number", "", "the same, adjusted for all heads searched (Holm)"),
    ],
    rows,
  };
}
