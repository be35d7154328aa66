/**
 * Average precision of scores for a yes/no label, Σ (Rₙ − Rₙ₋₁) Pₙ over the distinct scores from the highest down: equal
 * scores are taken in together, so the order of the input doesn't matter. Its value for random scores is about the base rate.
 * @throws RangeError where no label is positive, or the lengths differ.
 */
export function averagePrecision(labels: ArrayLike<number | boolean>, scores: ArrayLike<number>): number {
  const n = labels.length;
  if (scores.length !== n) throw new RangeError(`${n} labels, but ${scores.length} scores.`);
  let positives = 0;
  for (let i = 0; i < n; i++) if (labels[i]) positives++;
  if (positives === 0) throw new RangeError(`None of the ${n} labels is positive: average precision is undefined.`);
  const order = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  let sum = 0;
  let found = 0;
  for (let start = 0; start < n; ) {
    const before = found;
    let end = start;
    for (; end < n && scores[order[end]!] === scores[order[start]!]; end++) if (labels[order[end]!]) found++;
    sum += ((found - before) / positives) * (found / end);
    start = end;
  }
  return sum;
}
