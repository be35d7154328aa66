import type { Estimate } from "../../artifacts/schema.ts";
import type { CurvePoint, Quantity, Series } from "../../artifacts/tables.ts";
import { type Draws, derive, intervals } from "../../statistics/bootstrap.ts";
import { quantiles } from "../../statistics/summary.ts";
import { controlled } from "../support/estimates.ts";
import { randomWeightsSeries } from "../support/random-models.ts";
import { cutsOf, FIGURES, REGIMES, type Regime } from "./cut-state.ts";
import { type Contrasted, interactions, shuffledDifficulty } from "./interactions.ts";
import type { CutToken } from "./read-cuts.ts";

/** The same passages in order and with their words shuffled. */
export interface CutTokens {
  readonly ordered: readonly CutToken[];
  readonly shuffled: readonly CutToken[];
}

export interface CutReadings extends CutTokens {
  /** The same under random weights, uncertain where the trained model is. */
  readonly random: CutTokens;
  readonly documents: number;
  readonly sizes: readonly number[];
  /** Shares of the coordinates that the sizes are, for names. */
  readonly shares: readonly number[];
  readonly seed: number;
}

interface Kind {
  readonly regime: Regime;
  readonly share: number;
  readonly figure: "nll" | "kl";
}

export const CONTRASTS = {
  shuffle: "words shuffled, against the same words in order",
  entropy: "the most uncertain third of predictions, against the least",
} as const;
type Contrast = keyof typeof CONTRASTS;

const WHICH: Record<Regime, string> = {
  all: "all coordinates open",
  cut: "massive dimensions cut first",
  kept: "massive dimensions kept besides",
  rotated: "coordinates of a random rotation",
};
const MEASURE = { nll: "loss", kl: "divergence from the uncut prediction" } as const;

const kindsOf = (shares: readonly number[]): Kind[] =>
  REGIMES.flatMap((regime) =>
    shares.flatMap((share) => (["nll", "kl"] as const).map((figure) => ({ regime, share, figure }))),
  );

/** Random less top, for each kind: nats that keeping the largest coordinates saves. */
function advantage({ figures }: CutToken, sizes: readonly number[]): number[] {
  const cuts = cutsOf(sizes).length;
  return Array.from({ length: cuts / 2 }, (_, pair) => pair).flatMap((pair) =>
    (["nll", "kl"] as const).map((figure) => {
      const at = (cut: number) => figures[cut * FIGURES.length + FIGURES.indexOf(figure)]!;
      return at(2 * pair + 1) - at(2 * pair);
    }),
  );
}

export function contrasted(
  { ordered, shuffled }: CutTokens,
  sizes: readonly number[],
  contrast: Contrast,
): Contrasted[] {
  const as = (hard: boolean) => (token: CutToken) => ({
    document: token.document,
    hard,
    advantage: advantage(token, sizes),
  });
  if (contrast === "shuffle") return [...ordered.map(as(false)), ...shuffled.map(as(true))];
  const [low, high] = quantiles(
    ordered.map(({ entropy }) => entropy),
    [1 / 3, 2 / 3],
  ) as [number, number];
  return [
    ...ordered.filter(({ entropy }) => entropy <= low).map(as(false)),
    ...ordered.filter(({ entropy }) => entropy >= high).map(as(true)),
  ];
}

/** Interactions of difficulty and rule, with shuffled difficulty (`-sl`) and random weights (`-rw`) beside each, and the rotated basis beside the open one. */
export function interactionEstimates(readings: CutReadings): Estimate[] {
  const { documents, seed, shares, sizes } = readings;
  const kinds = kindsOf(shares);
  return (Object.keys(CONTRASTS) as Contrast[]).flatMap((contrast) => {
    const tokens = contrasted(readings, sizes, contrast);
    const own = interactions(tokens, documents, seed);
    const control = interactions(shuffledDifficulty(tokens, seed), documents, seed);
    const permuted = interactions(contrasted(readings.random, sizes, contrast), documents, seed);
    return kinds.flatMap(({ regime, share, figure }, kind) => {
      const naming = {
        id: `${contrast}-${figure}-${regime}-${percent(share)}`,
        label: `What the largest ${percent(share)} % save where it is hard, less where it is easy: ${CONTRASTS[contrast]}; ${WHICH[regime]}`,
        unit: "nats",
        method: `${MEASURE[figure]} with as many random coordinates of the final normed state kept, less that with the largest, both at the state's norm; mean over hard tokens less mean over easy ones; bootstrap over documents`,
        tolerance: 0.02,
      };
      const rotated = kinds.findIndex((k) => k.regime === "rotated" && k.share === share && k.figure === figure);
      const pick = (draws: Draws, k: number) => derive(draws, (all) => [all[2 * kinds.length + k]!]);
      const beside = (draws: Draws, code: string, words: string) =>
        controlled(pick(own, kind), draws, code, words, "document", naming);
      return [
        ...beside(pick(control, kind), "sl", "shuffled difficulty"),
        ...beside(pick(permuted, kind), "rw", "random weights").slice(1),
        ...(regime === "all" ? beside(pick(own, rotated), "rb", "a rotated basis").slice(1) : []),
      ];
    });
  });
}

const percent = (share: number) => Math.round(100 * share);

/** What the largest save, on easy tokens (x = 0) and hard ones (x = 1); the control RW with all coordinates open. */
export function advantageCurves({ documents, seed, sizes, shares, ...tokens }: CutReadings): CurvePoint[] {
  const kinds = kindsOf(shares);
  return (Object.keys(CONTRASTS) as Contrast[]).flatMap((contrast) => {
    const levels = (of: CutTokens) => intervals(interactions(contrasted(of, sizes, contrast), documents, seed));
    const [own, permuted] = [levels(tokens), levels(tokens.random)];
    return kinds.flatMap(({ regime, share, figure }, kind) =>
      figure === "kl"
        ? []
        : [0, 1].flatMap((x) => {
            const at = { quantity: `${contrast}-${percent(share)}`, x };
            const here = x * kinds.length + kind;
            return [
              { ...at, series: regime, ...own[here]! },
              ...(regime === "all" ? [{ ...at, series: "RW", ...permuted[here]! }] : []),
            ];
          }),
    );
  });
}

export const quantitiesOf = (shares: readonly number[]): Quantity[] =>
  (Object.keys(CONTRASTS) as Contrast[]).flatMap((contrast) =>
    shares.map((share) => ({
      quantity: `${contrast}-${percent(share)}`,
      label: `saved by the largest ${percent(share)} %`,
      unit: "nats",
      x: "0 easy, 1 hard",
      about: `loss with random coordinates less loss with the largest; ${CONTRASTS[contrast]}`,
    })),
  );

export const SERIES: Series[] = [
  ...REGIMES.map(
    (regime): Series => ({
      series: regime,
      label: WHICH[regime],
      role: regime === "all" ? "measurement" : regime === "rotated" ? "control" : "part",
      about: WHICH[regime],
    }),
  ),
  randomWeightsSeries("three models, each on a third of the documents; all coordinates open"),
];
