import type { Interval } from "../../statistics/bootstrap.ts";

/**
 * Effective rank of a set of states as the participation ratio of its covariance, (tr C)²/tr C²: 1 when they vary along one
 * direction, d when equally along all. The exponential of the order-2 entropy of the spectrum, so at most the order-1
 * effective rank of Roy & Vetterli 2007, and there's no spectrum to compute.
 */
export interface RankSet {
  /** One state a row. */
  readonly states: readonly ArrayLike<number>[];
  /** Independent unit of each row. */
  readonly unit: readonly number[];
}

/**
 * Ratio of the participation ratios of two sets, with a delete-a-group jackknife over units on its logarithm (units go round
 * the groups; Kott 2001): resampling with replacement would repeat states, and repeats lower a rank by themselves.
 */
export function rankRatio(a: RankSet, b: RankSet, groups: number): { ratio: Interval; a: number; b: number } {
  const momentsA = moments(a, groups);
  const momentsB = moments(b, groups);
  const whole = Math.log(rank(momentsA) / rank(momentsB));
  const without = Array.from({ length: groups }, (_, g) => Math.log(rank(momentsA, g) / rank(momentsB, g)));
  const error = Math.sqrt(((groups - 1) / groups) * without.reduce((sum, v) => sum + (v - whole) ** 2, 0));
  const ratio = { value: Math.exp(whole), lo: Math.exp(whole - 1.96 * error), hi: Math.exp(whole + 1.96 * error) };
  return { ratio, a: rank(momentsA), b: rank(momentsB) };
}

interface Moments {
  readonly n: number;
  readonly sum: Float64Array;
  /** Upper triangle of Σ h hᵀ, in full rows. */
  readonly square: Float64Array;
}

function moments({ states, unit }: RankSet, groups: number): Moments[] {
  const d = states[0]!.length;
  const parts = Array.from({ length: groups }, () => ({
    n: 0,
    sum: new Float64Array(d),
    square: new Float64Array(d * d),
  }));
  states.forEach((h, i) => {
    const part = parts[unit[i]! % groups]!;
    part.n++;
    for (let p = 0; p < d; p++) {
      const v = h[p]!;
      part.sum[p]! += v;
      for (let q = p; q < d; q++) part.square[p * d + q]! += v * h[q]!;
    }
  });
  return parts;
}

function rank(parts: readonly Moments[], without?: number): number {
  const left = parts.filter((_, g) => g !== without);
  const n = left.reduce((sum, part) => sum + part.n, 0);
  const d = left[0]!.sum.length;
  const mean = new Float64Array(d);
  for (const part of left) for (let p = 0; p < d; p++) mean[p]! += part.sum[p]! / n;
  let trace = 0;
  let squares = 0;
  for (let p = 0; p < d; p++)
    for (let q = p; q < d; q++) {
      let c = -mean[p]! * mean[q]!;
      for (const part of left) c += part.square[p * d + q]! / n;
      if (p === q) trace += c;
      squares += (p === q ? 1 : 2) * c * c;
    }
  return trace ** 2 / squares;
}
