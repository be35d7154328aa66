import type { TokenState } from "./read-states.ts";

/**
 * Models with random weights differ in level, and each reads other documents: left so, a difference between models would pass
 * for one between documents. Sets the figures of each (document modulo `models`) to the mean level of all on `reference`.
 */
export function levelled(
  reference: readonly TokenState[],
  models: number,
): (states: readonly TokenState[]) => TokenState[] {
  const width = reference[0]!.figures.length;
  const sums = Array.from({ length: models }, () => new Float64Array(width));
  const counts = new Float64Array(models);
  for (const { sequence, figures } of reference) {
    counts[sequence % models]!++;
    for (let k = 0; k < width; k++) sums[sequence % models]![k]! += figures[k]!;
  }
  const means = sums.map((sum, m) => sum.map((v) => v / counts[m]!));
  const shift = means.map((own) => own.map((v, k) => means.reduce((sum, each) => sum + each[k]!, 0) / models - v));
  return (states) =>
    states.map((state) => ({
      ...state,
      figures: state.figures.map((v, k) => v + shift[state.sequence % models]![k]!),
    }));
}
