import type { Collected } from "./collect.ts";
import { bestPredictor, type Explained, explained, type Positions, pooled } from "./explained.ts";
import { keepRows, PREDICTORS } from "./passages.ts";

/** One point of one curve, as sums by document: R² = 1 − Σ errors / Σ totals. */
export interface CurveColumn {
  readonly quantity: string;
  readonly series: string;
  readonly x: number;
  readonly errors: Float64Array;
  readonly totals: Float64Array;
}

export type Place = "residual" | "units";

/** Explained variance of one place at every depth, by each predictor; for units also by the best single one. */
export function columnsOf(
  collected: Collected,
  of: "residual" | "units" | "directions",
  levels: number,
  positions: Positions & { kept: Int32Array },
  series: string,
): CurveColumn[] {
  const stride = collected[of].length / collected.norms.length;
  const values = keepRows(collected[of], stride, positions.kept);
  const place: Place = of === "residual" ? "residual" : "units";
  const width = stride / levels;
  return Array.from({ length: levels }, (_, x) => {
    const found = explained(values, stride, x * width, width, positions);
    return columnsAt(found, positions.halves, place, series, x);
  }).flat();
}

function columnsAt(found: Explained, halves: Uint8Array, place: Place, series: string, x: number): CurveColumn[] {
  const { errors, totals } = pooled(found);
  const documents = totals.length;
  const byPredictor = PREDICTORS.map((predictor, p) => ({
    quantity: `${place}-${predictor}`,
    series,
    x,
    errors: Float64Array.from({ length: documents }, (_, d) => errors[d * PREDICTORS.length + p]!),
    totals,
  }));
  if (place === "residual") return byPredictor;
  return [...byPredictor, { quantity: "units-best", series, x, errors: bestPredictor(found, halves), totals }];
}

/** Sums of the same columns over several models (seeds of random weights). */
export function addColumns(a: readonly CurveColumn[], b: readonly CurveColumn[]): CurveColumn[] {
  return a.map((column, i) => ({
    ...column,
    errors: column.errors.map((value, d) => value + b[i]!.errors[d]!),
    totals: column.totals.map((value, d) => value + b[i]!.totals[d]!),
  }));
}
