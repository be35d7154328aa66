import { type Draws, drawStatistic } from "../../statistics/bootstrap.ts";

/** Observations in rows; several outcomes share one regressor. */
export interface Observations {
  /** Independent unit (document) of each row, from 0 to units − 1. */
  readonly unit: Int32Array;
  readonly units: number;
  /** Group of each row whose mean is taken out (token type); all 0 for none but the overall mean. */
  readonly group: Int32Array;
  readonly x: Float64Array;
  /** Held constant, each [rows]. */
  readonly covariates: readonly Float64Array[];
  /** [rows × outcomes] */
  readonly y: Float64Array;
}

/**
 * Least-squares slope of each outcome on x, with group means and covariates held constant: x is freed of them (Frisch &
 * Waugh 1933), then each outcome's slope is Σ x̃y / Σ x̃². Bootstrap over units; in each resample the groups' means and the
 * covariates' coefficients are estimated anew. A group of one row adds nothing.
 */
export function slopes(data: Observations, options: { seed: number; resamples?: number }): Draws {
  const { unit, units, group, x, covariates, y } = data;
  const rows = x.length;
  const outcomes = y.length / rows;
  const groups = group.reduce((most, g) => Math.max(most, g + 1), 0);
  const weights = new Float64Array(units);
  const columns = [x, ...covariates];
  const free = columns.map(() => new Float64Array(rows));
  const sums = new Float64Array(groups * columns.length);
  const mass = new Float64Array(groups);
  const result = new Float64Array(outcomes);

  return drawStatistic(
    units,
    (resample) => {
      weights.fill(0);
      for (const u of resample) weights[u]!++;
      sums.fill(0);
      mass.fill(0);
      for (let i = 0; i < rows; i++) {
        const w = weights[unit[i]!]!;
        if (w === 0) continue;
        mass[group[i]!]! += w;
        for (let c = 0; c < columns.length; c++) sums[group[i]! * columns.length + c]! += w * columns[c]![i]!;
      }
      for (let i = 0; i < rows; i++) {
        const m = mass[group[i]!]!;
        for (let c = 0; c < columns.length; c++)
          free[c]![i] = m > 0 ? columns[c]![i]! - sums[group[i]! * columns.length + c]! / m : 0;
      }
      // Gram–Schmidt: each covariate freed of those before it, then x of each.
      for (let c = 1; c < columns.length; c++) {
        for (let other = c + 1; other < columns.length; other++) project(free[other]!, free[c]!, unit, weights);
        project(free[0]!, free[c]!, unit, weights);
      }
      result.fill(0);
      let energy = 0;
      for (let i = 0; i < rows; i++) {
        const w = weights[unit[i]!]! * free[0]![i]!;
        if (w === 0) continue;
        energy += w * free[0]![i]!;
        for (let k = 0; k < outcomes; k++) result[k]! += w * y[i * outcomes + k]!;
      }
      return result.map((v) => v / energy);
    },
    options,
  );
}

/** `a` less its weighted projection on `b`. */
function project(a: Float64Array, b: Float64Array, unit: Int32Array, weights: Float64Array): void {
  let ab = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const w = weights[unit[i]!]! * b[i]!;
    ab += w * a[i]!;
    bb += w * b[i]!;
  }
  if (bb > 0) for (let i = 0; i < a.length; i++) a[i]! -= (ab / bb) * b[i]!;
}
