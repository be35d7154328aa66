import type { InfluencedScore } from "../../statistics/influence-draws.ts";
import type { Positions } from "./concepts.ts";

/**
 * How much of a unit's activation is proportional to one linear reading of its input: R² of the least-squares line on
 * w·x, fitted on one half of the documents and scored on the other, both ways round, for the reading (of the gate, of
 * the linear part) that does better on the other half.
 * @param readings [readings][positions] w·x of each
 */
export function alignmentScore(
  values: Float32Array,
  readings: readonly Float32Array[],
  { documents, length, ofHalf }: Positions,
): InfluencedScore {
  const means = ofHalf.map((half) => half.reduce((sum, i) => sum + values[i]!, 0) / half.length);
  const errors = readings.map((reading) => {
    const lines = ofHalf.map((half) => line(values, reading, half));
    const of = ofHalf.map(() => new Float64Array(documents));
    ofHalf.forEach((half, h) => {
      const { slope, intercept } = lines[1 - h]!;
      for (const i of half) of[h]![Math.floor(i / length)]! += (values[i]! - intercept - slope * reading[i]!) ** 2;
    });
    return of;
  });
  const totals = new Float64Array(documents);
  ofHalf.forEach((half, h) => {
    for (const i of half) totals[Math.floor(i / length)]! += (values[i]! - means[h]!) ** 2;
  });
  const sum = (of: Float64Array) => of.reduce((a, b) => a + b, 0);
  const chosen = new Float64Array(documents);
  for (const h of [0, 1] as const) {
    const other = errors.map((of) => sum(of[1 - h]!));
    const best = errors[other.indexOf(Math.min(...other))]![h]!;
    best.forEach((error, d) => {
      chosen[d]! += error;
    });
  }
  const left = sum(chosen) / sum(totals);
  return { value: 1 - left, influence: chosen.map((own, d) => (left * totals[d]! - own) / sum(totals)) };
}

function line(y: Float32Array, x: Float32Array, half: Int32Array): { slope: number; intercept: number } {
  let [sx, sy] = [0, 0];
  for (const i of half) {
    sx += x[i]!;
    sy += y[i]!;
  }
  const [mx, my] = [sx / half.length, sy / half.length];
  let [sxx, sxy] = [0, 0];
  for (const i of half) {
    sxx += (x[i]! - mx) ** 2;
    sxy += (x[i]! - mx) * (y[i]! - my);
  }
  const slope = sxx > 0 ? sxy / sxx : 0;
  return { slope, intercept: my - slope * mx };
}
