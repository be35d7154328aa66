import type { InfluencedScore } from "../../statistics/influence-draws.ts";
import { type Concepts, KINDS, type Positions } from "./concepts.ts";

export interface PredictorScore extends InfluencedScore {
  /** The kind of concept that was chosen on each half. */
  readonly kinds: readonly [number, number];
}

/** Weight of the overall mean in a group's mean, in positions: a group seen four times counts half. */
const SHRINK = 4;

/**
 * How much of a unit's variance the best single predictor leaves: 1 − R², held out. A predictor is a kind of concept; its
 * prediction is the mean of the positions with the same value, drawn to the overall mean, from one half of the documents,
 * scored on the other, both ways round. Which predictor is best is told by the other half's score.
 */
export function predictorScore(values: Float32Array, positions: Positions, concepts: Concepts): PredictorScore {
  const { documents, length, ofHalf } = positions;
  const means = ofHalf.map((half) => half.reduce((sum, i) => sum + values[i]!, 0) / half.length);
  const tables = ofHalf.map((half, h) => groupMeans(values, half, means[h]!, concepts));
  // [half] errors by kind and document, fitted on the other half.
  const errors = ofHalf.map(() => new Float64Array(KINDS.length * documents));
  const totals = new Float64Array(documents);
  ofHalf.forEach((half, h) => {
    const table = tables[1 - h]!;
    const overall = means[1 - h]!;
    for (const i of half) {
      const document = Math.floor(i / length);
      const value = values[i]!;
      totals[document]! += (value - means[h]!) ** 2;
      for (let k = 0; k < KINDS.length; k++) {
        const concept = concepts.at[i * KINDS.length + k]!;
        const off = value - (concept < 0 ? overall : table[concept]!);
        errors[h]![k * documents + document]! += off * off;
      }
    }
  });
  const sumOf = (of: Float64Array, from = 0, to = of.length) => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += of[i]!;
    return sum;
  };
  const kinds = errors.map((of) => {
    const sums = KINDS.map((_, k) => sumOf(of, k * documents, (k + 1) * documents));
    return sums.indexOf(Math.min(...sums));
  }) as [number, number];
  const chosen = Float64Array.from({ length: documents }, (_, d) =>
    [0, 1].reduce((sum, h) => sum + errors[h]![kinds[1 - h]! * documents + d]!, 0),
  );
  const [error, total] = [sumOf(chosen), sumOf(totals)];
  const value = error / total;
  return { value, influence: chosen.map((own, d) => (own - value * totals[d]!) / total), kinds };
}

function groupMeans(values: Float32Array, half: Int32Array, overall: number, { at, labels }: Concepts): Float64Array {
  const sums = new Float64Array(labels.length);
  const counts = new Int32Array(labels.length);
  for (const i of half)
    for (let k = 0, from = i * KINDS.length; k < KINDS.length; k++, from++) {
      const concept = at[from]!;
      if (concept < 0) continue;
      sums[concept]! += values[i]! - overall;
      counts[concept]!++;
    }
  return sums.map((sum, c) => overall + sum / (counts[c]! + SHRINK));
}
