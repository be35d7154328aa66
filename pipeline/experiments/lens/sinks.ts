import { quantile } from "../../statistics/summary.ts";

/** How many times the median norm makes a sink: a sink's norm is about a hundred times the others', nothing else is near. */
export const SINK_FACTOR = 10;

/**
 * Positions that belong in statistics: not the first, and not a sink, which is a position whose residual norm is more than
 * `factor` times the median of all positions but the first. `norms` holds one array a sequence, read at one middle depth.
 */
export function ordinaryPositions(norms: readonly ArrayLike<number>[], factor = SINK_FACTOR): boolean[][] {
  const limit =
    factor *
    quantile(
      norms.flatMap((row) => Array.from(row).slice(1)),
      0.5,
    );
  return norms.map((row) => Array.from(row, (norm, position) => position > 0 && norm <= limit));
}

/** How many positions after the first are sinks. */
export function laterSinks(ordinary: readonly (readonly boolean[])[]): number {
  return ordinary.reduce((sum, row) => sum + row.slice(1).filter((keep) => !keep).length, 0);
}

/** Euclidean norms of the rows of one sequence in an output [batch, token, width]. */
export function rowNorms(data: Float32Array, row: number, length: number, tokens: number, width: number): Float64Array {
  return Float64Array.from({ length }, (_, t) => {
    let sum = 0;
    const start = (row * tokens + t) * width;
    for (let i = start; i < start + width; i++) sum += data[i]! ** 2;
    return Math.sqrt(sum);
  });
}
