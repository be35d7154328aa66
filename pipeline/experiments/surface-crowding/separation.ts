import type { Random } from "../../statistics/random.ts";

/** How two words' uses lie to each other. */
export interface Separation {
  /** (m_u − m_v) · (m'_u − m'_v), across halves of the uses: the squared distance, zero on average where none is. */
  readonly distance: number;
  /** ½ (s_u² + s_v²): mean squared distance of a use from its word's mean. */
  readonly spread: number;
  /** Share of uses that are nearer to the mean of the other half of their own word's than to the other word's. */
  readonly told: number;
}

/** @param u uses of one word, an even number, each a vector; every second one is of the second half @param v as many of another */
export function separation(
  u: readonly Float32Array[],
  v: readonly Float32Array[],
  dimensions: readonly number[],
): Separation {
  const halves = [u, v].map((uses) => [0, 1].map((half) => uses.filter((_, i) => i % 2 === half)));
  const means = halves.map((of) => of.map((uses) => meanOf(uses, dimensions)));
  const [[u0, u1], [v0, v1]] = means as [[Float64Array, Float64Array], [Float64Array, Float64Array]];
  let distance = 0;
  for (let k = 0; k < dimensions.length; k++) distance += (u0[k]! - v0[k]!) * (u1[k]! - v1[k]!);
  let right = 0;
  halves.forEach((of, w) => {
    of.forEach((uses, half) => {
      for (const x of uses) {
        const own = squared(x, means[w]![1 - half]!, dimensions);
        const other = squared(x, means[1 - w]![1 - half]!, dimensions);
        right += own < other ? 1 : own === other ? 0.5 : 0;
      }
    });
  });
  return {
    distance,
    spread: (spreadOf(u, dimensions) + spreadOf(v, dimensions)) / 2,
    told: right / (u.length + v.length),
  };
}

/** The uses of both words dealt out between them anew. */
export function exchanged(
  u: readonly Float32Array[],
  v: readonly Float32Array[],
  { shuffle }: Pick<Random, "shuffle">,
): [Float32Array[], Float32Array[]] {
  const all = shuffle([...u, ...v]);
  return [all.slice(0, u.length), all.slice(u.length)];
}

function meanOf(uses: readonly Float32Array[], dimensions: readonly number[]): Float64Array {
  const mean = new Float64Array(dimensions.length);
  for (const x of uses) for (let k = 0; k < mean.length; k++) mean[k]! += x[dimensions[k]!]! / uses.length;
  return mean;
}

function squared(x: Float32Array, mean: Float64Array, dimensions: readonly number[]): number {
  let sum = 0;
  for (let k = 0; k < mean.length; k++) sum += (x[dimensions[k]!]! - mean[k]!) ** 2;
  return sum;
}

function spreadOf(uses: readonly Float32Array[], dimensions: readonly number[]): number {
  const mean = meanOf(uses, dimensions);
  return uses.reduce((sum, x) => sum + squared(x, mean, dimensions), 0) / (uses.length - 1);
}
