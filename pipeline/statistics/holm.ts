/**
 * Holm's step-down adjustment for searching among several tests (Holm 1979): an adjusted p at or under α means rejected
 * with the chance of any false rejection at most α.
 * @returns adjusted p-values in the order given
 * @throws RangeError on a p outside [0, 1].
 */
export function holm(pValues: ArrayLike<number>): Float64Array {
  const m = pValues.length;
  const order = Int32Array.from({ length: m }, (_, i) => i);
  for (const i of order) {
    if (!(pValues[i]! >= 0 && pValues[i]! <= 1))
      throw new RangeError(`p-value ${i} is ${pValues[i]}; expected one in [0, 1].`);
  }
  order.sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Float64Array(m);
  let reached = 0;
  order.forEach((test, step) => {
    reached = Math.max(reached, Math.min(1, (m - step) * pValues[test]!));
    adjusted[test] = reached;
  });
  return adjusted;
}
