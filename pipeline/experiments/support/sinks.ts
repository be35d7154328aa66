import type { Table } from "../../artifacts/schema.ts";
import type { LanguageModel } from "../../engine/run/language-model.ts";
import { residualDepths } from "../../engine/tails/logit-lens.ts";
import { quantile } from "../../statistics/summary.ts";

/** How many times the median norm makes a sink: a sink's norm is about a hundred times the others', nothing else is near. */
const SINK_FACTOR = 10;

const longest = (norms: ArrayLike<number>): number => SINK_FACTOR * quantile(norms, 0.5);

/** 1 for each position that is no sink, where `norms` holds the positions of all sequences but their first ones. */
export function withoutSinks(norms: Float64Array): Uint8Array {
  const limit = longest(norms);
  return Uint8Array.from(norms, (norm) => Number(norm <= limit));
}

/**
 * Positions that belong in statistics: not the first, and not a sink, which is a position whose residual norm is more than
 * ten times the median of all positions but the first. `norms` holds one array a sequence, read at one middle depth.
 */
export function ordinaryPositions(norms: readonly ArrayLike<number>[]): boolean[][] {
  const limit = longest(norms.flatMap((row) => Array.from(row).slice(1)));
  return norms.map((row) => Array.from(row, (norm, position) => position > 0 && norm <= limit));
}

/** How many positions after the first are sinks. */
export function laterSinks(ordinary: readonly (readonly boolean[])[]): number {
  return ordinary.reduce((sum, row) => sum + row.slice(1).filter((keep) => !keep).length, 0);
}

/** Where sinks are looked for: the stream after the first half of the blocks. */
export const middlePoint = (nLayers: number): string => residualDepths(nLayers)[Math.floor(nLayers / 2)]!;

/** Norms of the residual stream at the middle depth, [sequence][position]. */
export async function middleNorms(
  model: LanguageModel,
  sequences: readonly (readonly number[])[],
  signal: AbortSignal,
): Promise<Float64Array[]> {
  const { nLayers, dModel } = model.config;
  const middle = middlePoint(nLayers);
  const norms: Float64Array[] = [];
  for await (const { indices, lengths, tokens, outputs } of model.run(sequences, { points: [middle] }, signal))
    indices.forEach((sequence, row) => {
      norms[sequence] = rowNorms(outputs[middle]!.data as Float32Array, row, lengths[row]!, tokens, dModel);
    });
  return norms;
}

/** How many positions count, and how many sinks don't. */
export const positionsTable = (counted: number, ordinary: readonly (readonly boolean[])[]): Table => ({
  title: "Positions",
  columns: [
    { name: "what", type: "string", unit: "", about: "which positions" },
    { name: "count", type: "integer", unit: "positions", about: "how many" },
  ],
  rows: [
    ["in the statistics", counted],
    ["sinks after the first position, left out", laterSinks(ordinary)],
  ],
});

/** Euclidean norms of the rows of one sequence in an output [batch, token, width]. */
export function rowNorms(data: Float32Array, row: number, length: number, tokens: number, width: number): Float64Array {
  return Float64Array.from({ length }, (_, t) => {
    let sum = 0;
    const start = (row * tokens + t) * width;
    for (let i = start; i < start + width; i++) sum += data[i]! ** 2;
    return Math.sqrt(sum);
  });
}
