import { type Missing, missingTable } from "../../artifacts/missing.ts";
import type { Estimate, Table } from "../../artifacts/schema.ts";
import type { CurvePoint, Quantity, Series } from "../../artifacts/tables.ts";
import { type Draws, drawRatios, intervals } from "../../statistics/bootstrap.ts";
import { signFlip } from "../../statistics/permutation.ts";
import { column } from "../support/column.ts";
import { controlled, estimate } from "../support/estimates.ts";
import type { Fall, PathPair } from "./garden-effects.ts";
import { EFFECTS, type Effect, TAKEN } from "./path-effects.ts";

/** Fewer pairs, or of fewer nouns, are no sample of garden paths that are read rightly. */
export const LEAST = { pairs: 20, nouns: 8 };

type Of = (pair: PathPair) => number;

/** Mean over pairs of each quantity, nouns resampled. */
function drawsOf(pairs: readonly PathPair[], lemmas: readonly string[], of: readonly Of[], seed: number): Draws {
  const byNoun = lemmas.map((lemma) => pairs.filter((pair) => pair.lemma === lemma));
  return drawRatios(
    byNoun.flatMap((some) => of.map((value) => some.reduce((sum, pair) => sum + value(pair), 0))),
    byNoun.flatMap((some) => of.map(() => some.length)),
    of.length,
    { seed },
  );
}

const mean = (values: readonly number[], at: readonly number[]): number =>
  at.reduce((sum, d) => sum + values[d]!, 0) / at.length;

/** @param removed indices of the depths of the removal among those of `held` */
export function keptEstimates(pairs: readonly PathPair[], removed: readonly number[], seed: number): Estimate[] {
  const method = "mean over pairs of sentences; bootstrap over nouns";
  const estimates: Estimate[] = [];
  for (const [suffix, some, words] of [
    ["", rightOnes(pairs), "pairs read rightly"],
    ["-all", pairs, "all pairs"],
  ] as const) {
    const lemmas = lemmasOf(some);
    if (suffix === "" && tooFew(some)) continue;
    for (const [id, [label, of]] of Object.entries(EFFECTS)) {
      const draws = (along: keyof Fall) => drawsOf(some, lemmas, [(pair) => of(pair, along)], seed);
      estimates.push(
        ...controlled(draws("own"), draws("random"), "rd", "random directions", "noun", {
          id: id + suffix,
          label: `${label}, ${words}`,
          unit: "nats",
          method: `fall of the log-probability of the word that follows; ${method}`,
          tolerance: 0.005,
        }),
      );
    }
  }
  const lemmas = lemmasOf(pairs);
  for (const [id, label, unit, of] of [
    ["read-rightly", "pairs of sentences that are read rightly", "of pairs", (p: PathPair) => Number(p.right)],
    ["cue-weight", "weight of the first cue on the last word", "nats", (p: PathPair) => p.cueWeight],
    [
      "taken-minority",
      "minority sense taken out of the noun of a garden path",
      "of the norm",
      (p: PathPair) => p.taken,
    ],
    [
      "held-minority",
      "minority sense held by the noun, middle third",
      "of a plain sentence's",
      (p: PathPair) => mean(p.held, removed),
    ],
    [
      "held-majority",
      "majority sense held by the noun, middle third",
      "of a plain sentence's",
      (p: PathPair) => mean(p.heldMajority, removed),
    ],
    [
      "held-others",
      "minority sense at the other nouns, middle third",
      "of a plain sentence's",
      (p: PathPair) => mean(p.heldOthers, removed),
    ],
  ] as const)
    estimates.push(
      estimate(drawsOf(pairs, lemmas, [of], seed), "noun", {
        id,
        label,
        unit,
        method: `all pairs; ${method}`,
        tolerance: 0.02,
      }),
    );
  return estimates;
}

const rightOnes = (pairs: readonly PathPair[]) => pairs.filter(({ right }) => right);
const lemmasOf = (pairs: readonly PathPair[]) => [...new Set(pairs.map(({ lemma }) => lemma))];
const tooFew = (pairs: readonly PathPair[]): boolean =>
  pairs.length < LEAST.pairs || lemmasOf(pairs).length < LEAST.nouns;

/** Effects that too few pairs are read rightly for. */
export function missingEffects(pairs: readonly PathPair[]): Record<string, Table> {
  const some = rightOnes(pairs);
  if (!tooFew(some)) return {};
  const why = `${some.length} of ${pairs.length} pairs of sentences, of ${lemmasOf(some).length} nouns, are read rightly by this model, and ${LEAST.pairs} of ${LEAST.nouns} nouns are needed`;
  const ids = Object.keys(EFFECTS).flatMap((id) => [id, `${id}-rd`, `${id}-beyond-rd`]);
  return missingTable(ids.map((id): Missing => ({ estimate: id, why })));
}

/** Sign-flip tests over pairs, which ask the same with pairs for units. */
export function signTable(pairs: readonly PathPair[], seed: number): Table {
  const rows = (
    [
      ["read rightly", rightOnes(pairs)],
      ["all", pairs],
    ] as const
  ).flatMap(([which, some]) =>
    some.length < 2
      ? []
      : (Object.entries(EFFECTS) as [Effect, (typeof EFFECTS)[Effect]][]).map(([id, [, of]]) => {
          const own = some.map((pair) => of(pair, "own"));
          const alone = signFlip(own, { seed });
          const beyond = signFlip(
            own.map((fall, i) => fall - of(some[i]!, "random")),
            { seed },
          );
          return [which, id, some.length, alone.value, alone.p, beyond.value, beyond.p];
        }),
  );
  return {
    title: "Sign-flip tests over pairs of sentences",
    columns: [
      column("pairs", "string", "", "which"),
      column("effect", "string", "", "as in the estimates"),
      column("n", "integer", "pairs", "how many"),
      column("mean", "number", "nats", "of the effect"),
      column("p", "number", "", "two-sided"),
      column("beyond", "number", "nats", "the effect less that of random directions"),
      column("p-beyond", "number", "", "two-sided"),
    ],
    rows,
  };
}

/** Effects that the table of pairs has: name, removal, kind of sentence in words and in the pair. */
const SHOWN = [
  ["garden", "minority", "garden path", "garden"],
  ["control", "minority", "control", "control"],
  ["garden-set", "set", "garden path", "garden"],
  ["control-set", "set", "control", "control"],
] as const;

/** Every pair with its figures. */
export function pathTable(pairs: readonly PathPair[]): Table {
  return {
    title: "Pairs of sentences",
    columns: [
      column("item", "string", "", "item of the prompt set"),
      column("opening", "integer", "", "sense that the opening speaks for, in the order of the set"),
      column("right", "boolean", "", "whether both sentences are read rightly"),
      ...SHOWN.flatMap(([name, removal, kind]) => [
        column(name, "number", "nats", `fall with ${TAKEN[removal]}, ${kind}`),
        column(`${name}-rd`, "number", "nats", "the same along random directions"),
      ]),
      column("taken", "number", "of the norm", "minority sense taken out of the garden path's noun"),
      column("cue-weight", "number", "nats", "weight of the first cue on the control's word"),
    ],
    rows: pairs.map((pair) => [
      pair.item,
      pair.opening,
      pair.right,
      ...SHOWN.flatMap(([, removal, , side]) => [pair[side][removal].own, pair[side][removal].random]),
      pair.taken,
      pair.cueWeight,
    ]),
  };
}

/** Shares held at the noun of garden paths, by depth. */
export function heldCurves(pairs: readonly PathPair[], depths: readonly number[], seed: number): CurvePoint[] {
  const lemmas = lemmasOf(pairs);
  return (
    [
      ["minority", ({ held }) => held],
      ["majority", ({ heldMajority }) => heldMajority],
      ["others", ({ heldOthers }) => heldOthers],
    ] as const satisfies readonly (readonly [string, (pair: PathPair) => readonly number[]])[]
  ).flatMap(([series, of]) => {
    const draws = drawsOf(
      pairs,
      lemmas,
      depths.map((_, d) => (pair: PathPair) => of(pair)[d]!),
      seed,
    );
    return intervals(draws).map((interval, d) => ({ quantity: "held", series, x: depths[d]!, ...interval }));
  });
}

export const QUANTITIES: Quantity[] = [
  {
    quantity: "held",
    label: "sense held at the noun",
    unit: "of a plain sentence's",
    x: "depth",
    about:
      "What the noun of a garden path holds along either sense's axis: 1 as in a plain sentence of that sense, 0 as with cue words of other nouns.",
  },
];

export const SERIES: Series[] = [
  {
    series: "minority",
    label: "minority sense",
    role: "measurement",
    about: "the sense that the opening speaks against",
  },
  { series: "majority", label: "majority sense", role: "part", about: "the sense that the opening speaks for" },
  { series: "others", label: "other nouns", role: "control", about: "the other nouns along the minority sense's axis" },
];
