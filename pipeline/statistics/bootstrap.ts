import { random } from "./random.ts";
import { quantileSorted } from "./summary.ts";

/** A figure with its interval. */
export interface Interval {
  value: number;
  lo: number;
  hi: number;
}

export interface BootstrapOptions {
  /** Default 2000. */
  resamples?: number;
  /** Default 0.95. */
  level?: number;
  seed: number;
}

/**
 * K statistics on the data as they are and on each resample. Two `Draws` made with the same units, resamples and seed
 * rest on the very same resamples, so that their differences are paired.
 */
export interface Draws {
  readonly units: number;
  readonly resamples: number;
  readonly seed: number;
  /** [K] the statistics on the data as they are. */
  readonly values: Float64Array;
  /** [K × resamples], the draws of one statistic beside each other. */
  readonly draws: Float64Array;
}

/**
 * Cluster bootstrap: whole independent units (documents, items, lemmas) drawn with replacement; percentile interval
 * (Efron & Tibshirani 1993, ch. 13). A vector-valued statistic, such as a curve over depth, is resampled as a whole.
 * @param units how many independent units there are.
 * @param statistic is given `units` unit indices; first 0, 1, 2, … for the value, then each resample (one array, reused).
 * @returns an interval for each component; NaN throughout where the value is undefined, or more than a tenth of the resamples is.
 * @throws RangeError on fewer than two units, or a level outside (0, 1).
 */
export function bootstrap(
  units: number,
  statistic: (resample: Int32Array) => number,
  options: BootstrapOptions,
): Interval;
export function bootstrap(
  units: number,
  statistic: (resample: Int32Array) => ArrayLike<number>,
  options: BootstrapOptions,
): Interval[];
export function bootstrap(
  units: number,
  statistic: (resample: Int32Array) => number | ArrayLike<number>,
  options: BootstrapOptions,
): Interval | Interval[] {
  let scalar = false;
  const draws = drawStatistic(
    units,
    (resample) => {
      const result = statistic(resample);
      if (typeof result !== "number") return result;
      scalar = true;
      return [result];
    },
    options,
  );
  const found = intervals(draws, options.level);
  return scalar ? found[0]! : found;
}

/**
 * Intervals for K ratios of sums over units, Σ numerators / Σ denominators: means of per-unit sums over per-unit counts,
 * so that a long document weighs as much as it has tokens. The fast path for curves over depth.
 * @param numerators [units × K]
 * @param denominators [units × K], or [units] where all columns share them
 */
export function ratioOfSums(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  columns: number,
  options: BootstrapOptions,
): Interval[] {
  return intervals(drawRatios(numerators, denominators, columns, options), options.level);
}

/** The draws behind {@link bootstrap}, for contrasts between their components. */
export function drawStatistic(
  units: number,
  statistic: (resample: Int32Array) => ArrayLike<number>,
  { resamples = 2000, seed }: BootstrapOptions,
): Draws {
  const resample = Int32Array.from({ length: units }, (_, i) => i);
  const values = Float64Array.from(statistic(resample));
  const draws = new Float64Array(values.length * resamples);
  forEachResample(units, resamples, seed, (drawn, r) => {
    resample.set(drawn);
    const result = statistic(resample);
    for (let k = 0; k < values.length; k++) draws[k * resamples + r] = result[k]!;
  });
  return { units, resamples, seed, values, draws };
}

/** The draws behind {@link ratioOfSums}. */
export function drawRatios(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  columns: number,
  { resamples = 2000, seed }: BootstrapOptions,
): Draws {
  const units = numerators.length / columns;
  const shared = denominators.length === units && columns > 1;
  if (!Number.isInteger(units) || (!shared && denominators.length !== numerators.length)) {
    throw new RangeError(
      `Sums of ${numerators.length} numerators and ${denominators.length} denominators don't fit ${columns} columns: expected units × columns of both, or one denominator a unit.`,
    );
  }
  const values = new Float64Array(columns);
  const draws = new Float64Array(columns * resamples);
  const above = new Float64Array(columns);
  const below = new Float64Array(columns);
  const sum = (weights: Int32Array) => {
    above.fill(0);
    below.fill(0);
    for (let u = 0; u < units; u++) {
      const weight = weights[u]!;
      if (weight === 0) continue;
      const row = u * columns;
      for (let k = 0; k < columns; k++) above[k]! += weight * numerators[row + k]!;
      if (shared) below[0]! += weight * denominators[u]!;
      else for (let k = 0; k < columns; k++) below[k]! += weight * denominators[row + k]!;
    }
    if (shared) below.fill(below[0]!);
  };
  const weights = new Int32Array(units).fill(1);
  sum(weights);
  for (let k = 0; k < columns; k++) values[k] = above[k]! / below[k]!;
  forEachResample(units, resamples, seed, (drawn, r) => {
    weights.fill(0);
    for (let i = 0; i < units; i++) weights[drawn[i]!]!++;
    sum(weights);
    for (let k = 0; k < columns; k++) draws[k * resamples + r] = above[k]! / below[k]!;
  });
  return { units, resamples, seed, values, draws };
}

/**
 * New statistics out of the K of `draws` (a mean over some layers, early minus late), computed resample by resample.
 * @param combine is given the K statistics of the data or of one resample (one array, reused).
 */
export function derive(draws: Draws, combine: (statistics: Float64Array) => ArrayLike<number>): Draws {
  const { values, resamples } = draws;
  const statistics = values.slice();
  const derived = Float64Array.from(combine(statistics));
  const out = new Float64Array(derived.length * resamples);
  for (let r = 0; r < resamples; r++) {
    for (let k = 0; k < values.length; k++) statistics[k] = draws.draws[k * resamples + r]!;
    const result = combine(statistics);
    for (let k = 0; k < derived.length; k++) out[k * resamples + r] = result[k]!;
  }
  return { ...draws, values: derived, draws: out };
}

/**
 * Paired differences a − b, component by component, over the same resamples.
 * @throws RangeError where the two do not rest on the same resamples.
 */
export function difference(a: Draws, b: Draws): Draws {
  for (const key of ["units", "resamples", "seed"] as const) {
    if (a[key] !== b[key]) {
      throw new RangeError(
        `A paired difference needs the same resamples on both sides; ${key} is ${a[key]} and ${b[key]}.`,
      );
    }
  }
  if (a.values.length !== b.values.length) {
    throw new RangeError(`A paired difference of ${a.values.length} and ${b.values.length} statistics.`);
  }
  return { ...a, values: a.values.map((v, i) => v - b.values[i]!), draws: a.draws.map((v, i) => v - b.draws[i]!) };
}

/** Percentile intervals of each statistic; resamples in which it is undefined are left out, see {@link bootstrap}. */
export function intervals({ values, draws, resamples }: Draws, level = 0.95): Interval[] {
  if (!(level > 0 && level < 1)) throw new RangeError(`An interval's level lies between 0 and 1; found ${level}.`);
  return Array.from(values, (value, k) => {
    const finite = draws
      .slice(k * resamples, (k + 1) * resamples)
      .filter(Number.isFinite)
      .sort();
    if (!Number.isFinite(value) || finite.length < 0.9 * resamples) {
      return { value: Number.NaN, lo: Number.NaN, hi: Number.NaN };
    }
    return { value, lo: quantileSorted(finite, (1 - level) / 2), hi: quantileSorted(finite, (1 + level) / 2) };
  });
}

/** Calls `visit` with each resample: unit indices drawn with replacement, a function of units, resamples and seed alone. */
function forEachResample(
  units: number,
  resamples: number,
  seed: number,
  visit: (resample: Int32Array, index: number) => void,
): void {
  if (!Number.isInteger(units) || units < 2) {
    throw new RangeError(`A bootstrap needs at least two independent units; found ${units}.`);
  }
  if (!Number.isInteger(resamples) || resamples < 1) throw new RangeError(`Can't draw ${resamples} resamples.`);
  const generator = random(seed);
  const resample = new Int32Array(units);
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < units; i++) resample[i] = generator.int(units);
    visit(resample, r);
  }
}
