import type { Estimate } from "../../artifacts/schema.ts";
import type { CurvePoint } from "../../artifacts/tables.ts";
import { type Draws, derive, intervals } from "../../statistics/bootstrap.ts";
import { type InfluencedScore, influenceDraws } from "../../statistics/influence-draws.ts";
import { controlled, estimate } from "../support/estimates.ts";
import { third } from "../tiers/estimates.ts";

/** Scores of units with the block that each is of, and draws of the blocks' means. */
export interface DepthCurve {
  readonly blocks: number;
  readonly draws: Draws;
}

export interface DrawOptions {
  readonly resamples: number;
  readonly seed: number;
}

/** The blocks' mean scores, with draws over documents and over the units of each block. */
export function depthCurve(
  scores: readonly { readonly block: number; readonly score: InfluencedScore }[],
  blocks: number,
  { resamples, seed }: DrawOptions,
): DepthCurve {
  const draws = influenceDraws(
    scores.map(({ score }) => score),
    { groups: scores.map(({ block }) => block), count: blocks, resamples, seed, unitSeed: seed + scores.length },
  );
  return { blocks, draws };
}

/** Points of a curve over blocks. */
export const pointsOf = ({ draws }: DepthCurve, quantity: string, series: string): CurvePoint[] =>
  intervals(draws).map((interval, x) => ({ quantity, series, x, ...interval }));

/** The mean over a third of the blocks, or the difference of two thirds' means. */
export type Contrast = "early" | "middle" | "late" | "early-minus-middle" | "early-minus-late";

export const contrastOf = ({ draws }: DepthCurve, contrast: Contrast): Draws =>
  derive(draws, (means) => [READ[contrast](Array.from(means))]);

const READ: Record<Contrast, (curve: readonly number[]) => number> = {
  early: (curve) => third(curve, 0),
  middle: (curve) => third(curve, 1),
  late: (curve) => third(curve, 2),
  "early-minus-middle": (curve) => third(curve, 0) - third(curve, 1),
  "early-minus-late": (curve) => third(curve, 0) - third(curve, 2),
};

/**
 * The contrast with every block's units matched in firing rate: units are put into `bins` of equal count by rate over the
 * whole model; thirds are compared within a bin, and the bins' differences averaged, those that each third has units in.
 */
export function matchedContrast(
  units: readonly { readonly block: number; readonly rate: number; readonly score: InfluencedScore }[],
  blocks: number,
  contrast: "early-minus-middle" | "early-minus-late",
  bins: number,
  { resamples, seed }: DrawOptions,
): Draws {
  const rates = units.map(({ rate }) => rate).sort((a, b) => a - b);
  const edges = Array.from({ length: bins - 1 }, (_, b) => rates[Math.floor(((b + 1) * rates.length) / bins)]!);
  const thirdOf = (block: number) => [1, 2].filter((t) => block >= Math.floor((blocks * t) / 3)).length;
  const groups = units.map(({ block, rate }) => thirdOf(block) * bins + edges.filter((edge) => rate >= edge).length);
  const draws = influenceDraws(
    units.map(({ score }) => score),
    { groups, count: 3 * bins, resamples, seed, unitSeed: seed + 1 },
  );
  const other = contrast === "early-minus-middle" ? 1 : 2;
  return derive(draws, (means) => {
    const differences = Array.from({ length: bins }, (_, b) => means[b]! - means[other * bins + b]!);
    const present = differences.filter(Number.isFinite);
    return [present.reduce((sum, x) => sum + x, 0) / present.length];
  });
}

export interface ContrastWords {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly method: string;
}

/** One contrast of the units, each control's, and the paired differences from them. The first control is the one it must be told from. */
export function contrastEstimates(
  draws: Draws,
  controls: readonly { readonly code: string; readonly words: string; readonly draws: Draws }[],
  words: ContrastWords,
): Estimate[] {
  const naming = { ...words, tolerance: 0.01 };
  const [first, ...rest] = controls.map(({ code, words: what, draws: control }) =>
    controlled(draws, control, code, what, "document", naming),
  );
  if (!first) return [estimate(draws, "document", naming)];
  return [...first, ...rest.flatMap((each) => each.slice(1))];
}
