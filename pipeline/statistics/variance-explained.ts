import { type Dense, row } from "./dense.ts";
import { random } from "./random.ts";

export interface VarianceOptions {
  /** Independent unit of each example (its document): a unit is never split over the halves. Default: each example its own. */
  units?: ArrayLike<string | number>;
  /** Times that the examples' groups are permuted for the null; default 20. */
  permutations?: number;
  seed: number;
}

export interface VarianceExplained {
  /** [columns] held-out R² of each column, mean over the two ways round; NaN for a column without variance. */
  readonly columns: Float64Array;
  /** R² of all columns together, squared errors summed over them. */
  readonly pooled: number;
  /** The same with groups permuted: mean over permutations for each column, and each permutation's pooled R². */
  readonly nullColumns: Float64Array;
  readonly nullPooled: Float64Array;
}

/**
 * How much of the variance of `values` a grouping explains (the token at a position, its part of speech), held out:
 * group means from one half of the units, R² = 1 − Σ(y − ŷ)²/Σ(y − ȳ)² on the other, ȳ the held-out half's own mean; then
 * the other way round. In-sample η² grows with the number of groups whatever they are; this doesn't, and can be below 0.
 * A group that the fitted half lacks is predicted by that half's overall mean.
 * @param values [examples × columns]
 * @param groups group of each example
 * @throws RangeError on fewer than two units, or lengths that differ.
 */
export function varianceExplained(
  values: Dense,
  groups: ArrayLike<string | number>,
  { units, permutations = 20, seed }: VarianceOptions,
): VarianceExplained {
  if (groups.length !== values.rows || (units && units.length !== values.rows)) {
    throw new RangeError(`${values.rows} examples, but ${groups.length} groups and ${units?.length ?? "no"} units.`);
  }
  const generator = random(seed);
  const unitOf = units ? numbered(units) : Int32Array.from({ length: values.rows }, (_, i) => i);
  const count = unitOf.reduce((most, unit) => Math.max(most, unit + 1), 0);
  if (count < 2) throw new RangeError("Held-out variance needs at least two units to split.");
  const inFirst = new Uint8Array(count);
  for (const unit of generator.sample(count, count >> 1)) inFirst[unit] = 1;
  const half = Uint8Array.from(unitOf, (unit) => inFirst[unit]!);
  const group = numbered(groups);
  const { columns, pooled } = bothWays(values, group, half);
  const nullColumns = new Float64Array(values.columns);
  const nullPooled = new Float64Array(permutations);
  for (let p = 0; p < permutations; p++) {
    const shuffled = bothWays(values, Int32Array.from(generator.shuffle(group)), half);
    nullPooled[p] = shuffled.pooled;
    for (let j = 0; j < nullColumns.length; j++) nullColumns[j]! += shuffled.columns[j]! / permutations;
  }
  return { columns, pooled, nullColumns, nullPooled };
}

function bothWays(values: Dense, group: Int32Array, half: Uint8Array): { columns: Float64Array; pooled: number } {
  const a = heldOut(values, group, half, 0);
  const b = heldOut(values, group, half, 1);
  return { columns: a.columns.map((r2, j) => (r2 + b.columns[j]!) / 2), pooled: (a.pooled + b.pooled) / 2 };
}

/** Fits on the examples whose half is `fitted`, scores on the others. */
function heldOut(values: Dense, group: Int32Array, half: Uint8Array, fitted: 0 | 1) {
  const width = values.columns;
  const groups = group.reduce((most, g) => Math.max(most, g + 1), 0);
  const sums = new Float64Array(groups * width);
  const counts = new Int32Array(groups);
  const overall = new Float64Array(width);
  const mean = new Float64Array(width);
  let n = 0;
  for (let i = 0; i < values.rows; i++) {
    const from = row(values, i);
    const into = half[i] === fitted ? overall : mean;
    for (let j = 0; j < width; j++) into[j]! += from[j]!;
    if (half[i] !== fitted) continue;
    n++;
    const at = group[i]! * width;
    counts[group[i]!]!++;
    for (let j = 0; j < width; j++) sums[at + j]! += from[j]!;
  }
  for (let j = 0; j < width; j++) {
    overall[j]! /= n;
    mean[j]! /= values.rows - n;
  }
  const errors = new Float64Array(width);
  const totals = new Float64Array(width);
  for (let i = 0; i < values.rows; i++) {
    if (half[i] === fitted) continue;
    const from = row(values, i);
    const size = counts[group[i]!]!;
    const at = group[i]! * width;
    for (let j = 0; j < width; j++) {
      const predicted = size > 0 ? sums[at + j]! / size : overall[j]!;
      errors[j]! += (from[j]! - predicted) ** 2;
      totals[j]! += (from[j]! - mean[j]!) ** 2;
    }
  }
  const columns = errors.map((error, j) => (totals[j]! > 0 ? 1 - error / totals[j]! : Number.NaN));
  const sum = (of: Float64Array) => of.reduce((a, b) => a + b, 0);
  return { columns, pooled: 1 - sum(errors) / sum(totals) };
}

function numbered(names: ArrayLike<string | number>): Int32Array {
  const ids = new Map<string | number, number>();
  return Int32Array.from(names as ArrayLike<never>, (name) => {
    if (!ids.has(name)) ids.set(name, ids.size);
    return ids.get(name)!;
  });
}
