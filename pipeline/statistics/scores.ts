/** Share of predictions that are right. */
export function accuracy(truth: ArrayLike<number>, predicted: ArrayLike<number>): number {
  requirePairs(truth, predicted);
  let right = 0;
  for (let i = 0; i < truth.length; i++) if (truth[i] === predicted[i]) right++;
  return right / truth.length;
}

/** Mean over the classes that occur of the share of their examples that are predicted right: chance is 1/classes. */
export function macroRecall(truth: ArrayLike<number>, predicted: ArrayLike<number>): number {
  requirePairs(truth, predicted);
  const seen = new Map<number, { total: number; right: number }>();
  for (let i = 0; i < truth.length; i++) {
    const of = seen.get(truth[i]!) ?? { total: 0, right: 0 };
    seen.set(truth[i]!, { total: of.total + 1, right: of.right + (truth[i] === predicted[i] ? 1 : 0) });
  }
  let sum = 0;
  for (const { total, right } of seen.values()) sum += right / total;
  return sum / seen.size;
}

function requirePairs(truth: ArrayLike<number>, predicted: ArrayLike<number>): void {
  if (truth.length !== predicted.length || truth.length === 0) {
    throw new RangeError(`A score needs as many predictions as truths; found ${predicted.length} and ${truth.length}.`);
  }
}
