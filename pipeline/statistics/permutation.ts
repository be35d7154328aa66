import { random } from "./random.ts";

export interface PermutationOptions {
  /** Random permutations; default 1999, so that the least p is 0.0005. */
  permutations?: number;
  seed: number;
}

export interface PermutationTest {
  /** The statistic as observed. */
  readonly value: number;
  /** Two-sided p. */
  readonly p: number;
  /** Draws of the statistic under the null. */
  readonly null: Float64Array;
}

/**
 * Permutation test of a statistic of labels: twice the smaller tail, each tail's p with one added to both counts
 * (Phipson & Smyth 2010), at most 1. The label shuffle is the null that labels are exchangeable over examples.
 * @param statistic of the labels in some order (one array, reused); the data stay with the caller
 */
export function permutationTest(
  labels: ArrayLike<number>,
  statistic: (labels: Int32Array) => number,
  { permutations = 1999, seed }: PermutationOptions,
): PermutationTest {
  const generator = random(seed);
  const shuffled = Int32Array.from(labels);
  const value = statistic(shuffled);
  const draws = new Float64Array(permutations);
  for (let r = 0; r < permutations; r++) {
    shuffled.set(generator.shuffle(labels));
    draws[r] = statistic(shuffled);
  }
  return { value, p: twoSided(value, draws), null: draws };
}

/**
 * Sign-flip test that paired differences are symmetric about 0, on their mean. Where there are no more sign patterns than
 * `permutations`, all of them are gone through and p is exact; otherwise they are drawn and p is with the added one.
 * @throws RangeError on fewer than two differences.
 */
export function signFlip(
  differences: ArrayLike<number>,
  { permutations = 1999, seed }: PermutationOptions,
): PermutationTest {
  const n = differences.length;
  if (n < 2) throw new RangeError(`A sign-flip test needs at least two differences; found ${n}.`);
  const meanWith = (sign: (i: number) => boolean) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += sign(i) ? -differences[i]! : differences[i]!;
    return sum / n;
  };
  const value = meanWith(() => false);
  const exact = 2 ** n <= permutations + 1;
  const generator = random(seed);
  const draws = Float64Array.from({ length: exact ? 2 ** n : permutations }, (_, r) =>
    meanWith(exact ? (i) => ((r >> i) & 1) === 1 : () => generator.int(2) === 1),
  );
  if (!exact) return { value, p: twoSided(value, draws), null: draws };
  const tolerance = 1e-12 * Math.abs(value);
  const extreme = draws.filter((draw) => Math.abs(draw) >= Math.abs(value) - tolerance).length;
  return { value, p: extreme / draws.length, null: draws };
}

/** Two-sided p of an observed value among random draws of its null, with the observed one counted in. */
export function twoSided(value: number, draws: Float64Array): number {
  // Sums in another order differ in the last digits: what is equal but for rounding counts as equal.
  const tolerance = 1e-12 * Math.abs(value);
  let above = 1;
  let below = 1;
  for (const draw of draws) {
    if (draw >= value - tolerance) above++;
    if (draw <= value + tolerance) below++;
  }
  return Math.min(1, (2 * Math.min(above, below)) / (draws.length + 1));
}
