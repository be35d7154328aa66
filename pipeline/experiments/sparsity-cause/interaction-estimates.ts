import type { Estimate } from "../../artifacts/schema.ts";
import type { CurvePoint, Quantity, Series } from "../../artifacts/tables.ts";
import { type Draws, derive, intervals } from "../../statistics/bootstrap.ts";
import { quantiles } from "../../statistics/summary.ts";
import { controlled } from "../support/estimates.ts";
import { cutsOf, FIGURES, REGIMES, type Regime } from "./cut-state.ts";
import { type Contrasted, interactions, shuffledDifficulty } from "./interactions.ts";
import type { CutToken } from "./read-cuts.ts";

/** The same passages in order and with their words shuffled. */
export interface CutReadings {
  readonly ordered: readonly CutToken[];
  readonly shuffled: readonly CutToken[];
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

export function contrasted({ ordered, shuffled, sizes }: CutReadings, contrast: Contrast): Contrasted[] {
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

/** Interactions of difficulty and rule, with shuffled difficulty (`-sl`) beside each and the rotated basis beside the open one. */
export function interactionEstimates(readings: CutReadings): Estimate[] {
  const { documents, seed, shares } = readings;
  const kinds = kindsOf(shares);
  return (Object.keys(CONTRASTS) as Contrast[]).flatMap((contrast) => {
    const tokens = contrasted(readings, contrast);
    const own = interactions(tokens, documents, seed);
    const control = interactions(shuffledDifficulty(tokens, seed), documents, seed);
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
      const found = controlled(pick(own, kind), pick(control, kind), "sl", "shuffled difficulty", "document", naming);
      if (regime !== "all") return found;
      const [, ...beside] = controlled(
        pick(own, kind),
        pick(own, rotated),
        "rb",
        "a rotated basis",
        "document",
        naming,
      );
      return [...found, ...beside];
    });
  });
}

const percent = (share: number) => Math.round(100 * share);

/** What the largest save, on easy tokens (x = 0) and hard ones (x = 1). */
export function advantageCurves(readings: CutReadings): CurvePoint[] {
  const kinds = kindsOf(readings.shares);
  return (Object.keys(CONTRASTS) as Contrast[]).flatMap((contrast) => {
    const found = intervals(interactions(contrasted(readings, contrast), readings.documents, readings.seed));
    return kinds.flatMap(({ regime, share, figure }, kind) =>
      figure === "kl"
        ? []
        : [0, 1].map((x) => ({
            quantity: `${contrast}-${percent(share)}`,
            series: regime,
            x,
            ...found[x * kinds.length + kind]!,
          })),
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

export const SERIES: Series[] = REGIMES.map((regime) => ({
  series: regime,
  label: WHICH[regime],
  role: regime === "all" ? "measurement" : regime === "rotated" ? "control" : "part",
  about: WHICH[regime],
}));
