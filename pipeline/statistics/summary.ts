/** Arithmetic mean; NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Standard deviation; `ddof` 1 (default) divides by n − 1, 0 by n. */
export function standardDeviation(values: ArrayLike<number>, ddof: 0 | 1 = 1): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** 2;
  return Math.sqrt(sum / (values.length - ddof));
}

/**
 * Quantiles by linear interpolation between order statistics (Hyndman & Fan 1996, type 7: numpy's and R's default).
 * @param shares each in [0, 1].
 * @throws RangeError on no values, or a share outside [0, 1].
 */
export function quantiles(values: ArrayLike<number>, shares: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  return shares.map((share) => quantileSorted(sorted, share));
}

/** One quantile; see {@link quantiles}. */
export function quantile(values: ArrayLike<number>, share: number): number {
  return quantiles(values, [share])[0]!;
}

/** A type-7 quantile of values already in ascending order. */
export function quantileSorted(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) throw new RangeError("No values: a quantile needs at least one.");
  if (!(share >= 0 && share <= 1)) throw new RangeError(`A quantile's share lies in [0, 1]; found ${share}.`);
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const lower = sorted[below]!;
  return below + 1 < sorted.length ? lower + (at - below) * (sorted[below + 1]! - lower) : lower;
}

export interface Bins {
  /** Bin of each value, 0 the lowest. */
  of: Int32Array;
  /** For each bin how many values it holds, their least, mean and greatest. */
  bins: { count: number; least: number; mean: number; greatest: number }[];
}

/**
 * Bins of equal count over the order of the values. Equal values stay in one bin, so that the bins do not depend on the
 * order of the input; with many ties counts differ and there may be fewer bins than asked for.
 * @throws RangeError where there are fewer values than bins, or a value is not finite.
 */
export function equalCountBins(values: ArrayLike<number>, count: number): Bins {
  if (!Number.isInteger(count) || count < 1 || values.length < count) {
    throw new RangeError(`Can't make ${count} bins of ${values.length} values.`);
  }
  const order = Int32Array.from({ length: values.length }, (_, i) => i);
  for (const i of order) {
    if (!Number.isFinite(values[i])) throw new RangeError(`Value ${i} is ${values[i]}; bins need finite numbers.`);
  }
  order.sort((a, b) => values[a]! - values[b]!);
  const of = new Int32Array(values.length);
  const bins: Bins["bins"] = [];
  let wanted = -1;
  for (let start = 0; start < order.length; ) {
    const value = values[order[start]!]!;
    let end = start + 1;
    while (end < order.length && values[order[end]!] === value) end++;
    // A run of ties goes where its middle would go.
    const bin = Math.floor((((start + end - 1) / 2) * count) / order.length);
    if (bin !== wanted) {
      wanted = bin;
      bins.push({ count: 0, least: value, mean: 0, greatest: value });
    }
    const current = bins.at(-1)!;
    current.mean = (current.mean * current.count + value * (end - start)) / (current.count + end - start);
    current.count += end - start;
    current.greatest = value;
    for (let i = start; i < end; i++) of[order[i]!] = bins.length - 1;
    start = end;
  }
  return { of, bins };
}
