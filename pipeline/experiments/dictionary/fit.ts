import { massiveDimensions } from "../../statistics/massive-dimensions.ts";
import { type Codes, written } from "./codes.ts";
import type { Rows } from "./collect.ts";
import type { Scale } from "./scale.ts";
import type { Weights } from "./training.ts";

/** In which values a fit is measured: standardised, as they are, and as they are without massive dimensions. */
export const SPACES = ["standard", "raw", "bare"] as const;
export type Space = (typeof SPACES)[number];

/** Squared errors and squares about the mean, summed over the rows of one document. */
export interface FitRow {
  readonly document: number;
  readonly space: Space;
  readonly error: number;
  readonly total: number;
}

/**
 * How well the codes write the target.
 * @param target standardised rows, documents of `length` rows each
 * @param kept 1 for each row that counts
 */
export function fitOf(
  codes: Codes,
  weights: Weights,
  target: Rows,
  { deviation }: Scale,
  massive: ReadonlySet<number>,
  kept: Uint8Array,
  length: number,
): FitRow[] {
  const { width, data } = target;
  const made = written(codes, weights).data;
  const means = meansOf(target, kept);
  const weightOf: Record<Space, (j: number) => number> = {
    standard: () => 1,
    raw: (j) => deviation[j]! ** 2,
    bare: (j) => (massive.has(j) ? 0 : deviation[j]! ** 2),
  };
  const documents = kept.length / length;
  const sums = Array.from({ length: documents }, () => ({
    error: new Float64Array(width),
    total: new Float64Array(width),
  }));
  kept.forEach((keep, row) => {
    if (!keep) return;
    const { error, total } = sums[Math.floor(row / length)]!;
    for (let j = 0, i = row * width; j < width; j++, i++) {
      error[j]! += (made[i]! - data[i]!) ** 2;
      total[j]! += (data[i]! - means[j]!) ** 2;
    }
  });
  return SPACES.flatMap((space) =>
    sums.map(({ error, total }, document) => ({
      document,
      space,
      error: error.reduce((sum, x, j) => sum + x * weightOf[space](j), 0),
      total: total.reduce((sum, x, j) => sum + x * weightOf[space](j), 0),
    })),
  );
}

function meansOf({ data, width }: Rows, kept: Uint8Array): Float64Array {
  const means = new Float64Array(width);
  const count = kept.reduce((sum, keep) => sum + keep, 0);
  kept.forEach((keep, row) => {
    if (keep) for (let j = 0; j < width; j++) means[j]! += data[row * width + j]! / count;
  });
  return means;
}

/** Massive dimensions of one point, by the rule that all experiments share. */
export function massiveOf({ data, width }: Rows): Set<number> {
  const energy = new Float64Array(width);
  data.forEach((value, i) => {
    energy[i % width]! += value * value;
  });
  return new Set(massiveDimensions([energy, energy]).map(({ dimension }) => dimension));
}

/**
 * The decoder with all columns multiplied by the one number that fits its target best on these rows: random directions
 * overlap, and what they write would be too large without.
 */
export function fitted(codes: Codes, weights: Weights, target: Rows): Weights {
  const made = written(codes, weights).data;
  let [cross, square] = [0, 0];
  made.forEach((value, i) => {
    cross += value * target.data[i]!;
    square += value * value;
  });
  const decoder = weights["decoder.weight"]!;
  const by = square > 0 ? cross / square : 0;
  const data = (decoder.data as Float32Array).map((value) => value * by);
  return { ...weights, "decoder.weight": { ...decoder, data } };
}
