/**
 * Indices of a part of `values` from the largest value down; equal values in their order. A radix sort on the bits of the
 * floats, as long arrays are ordered by the thousand.
 * @param chosen indices into `values` to put in order
 * @throws RangeError on NaN, which has no place in an order.
 */
export function descending(values: Float32Array, chosen: Int32Array): Int32Array {
  const n = chosen.length;
  const picked = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    picked[i] = values[chosen[i]!]!;
    if (Number.isNaN(picked[i])) throw new RangeError(`Value ${chosen[i]} is NaN, which has no place in an order.`);
  }
  const keys = new Uint32Array(picked.buffer);
  // Bits of floats sort as unsigned numbers once negatives are turned over; turned over again, the largest comes first.
  for (let i = 0; i < n; i++) keys[i] = ~(keys[i]! & 0x80000000 ? ~keys[i]! : keys[i]! | 0x80000000);
  let order = Int32Array.from(chosen);
  let sorted = keys;
  let spareOrder = new Int32Array(n);
  let spareKeys = new Uint32Array(n);
  const counts = new Int32Array(0x10001);
  for (const shift of [0, 16]) {
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[((sorted[i]! >>> shift) & 0xffff) + 1]!++;
    for (let b = 0; b < 0x10000; b++) counts[b + 1]! += counts[b]!;
    for (let i = 0; i < n; i++) {
      const at = counts[(sorted[i]! >>> shift) & 0xffff]!++;
      spareKeys[at] = sorted[i]!;
      spareOrder[at] = order[i]!;
    }
    [sorted, spareKeys] = [spareKeys, sorted];
    [order, spareOrder] = [spareOrder, order];
  }
  return order;
}
