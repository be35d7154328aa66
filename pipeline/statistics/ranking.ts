import { descending } from "./descending.ts";

/** Values from the largest down, in steps: equal values are one step, since no threshold parts them. */
export interface Ranking {
  /** Indices into the values; those of one step in their own order. */
  readonly order: Int32Array;
  /** At each place of `order`, where its step ends: how many values are as large or larger. */
  readonly ends: Int32Array;
}

/**
 * @param chosen indices into `values` to rank
 * @throws RangeError on NaN, which has no place in an order.
 */
export function ranking(values: Float32Array, chosen: Int32Array): Ranking {
  const order = descending(values, chosen);
  const ends = new Int32Array(order.length);
  let end = order.length;
  for (let i = order.length - 1; i >= 0; i--) {
    if (i + 1 < order.length && values[order[i]!] !== values[order[i + 1]!]) end = i + 1;
    ends[i] = end;
  }
  return { order, ends };
}
