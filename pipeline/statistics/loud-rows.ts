import { type Dense, dot, row } from "./dense.ts";
import { quantile } from "./summary.ts";

/** Rows whose norm is more than `factor` times the median row's: attention sinks, among residual streams of one depth. */
export function loudRows(x: Dense, factor: number): number[] {
  const norms = Float64Array.from({ length: x.rows }, (_, i) => Math.sqrt(dot(row(x, i), row(x, i))));
  const limit = factor * quantile(norms, 0.5);
  return [...norms.keys()].filter((i) => norms[i]! > limit);
}
