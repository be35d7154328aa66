import * as op from "../../engine/graph/ops.ts";
import type { BatchResult } from "../../engine/run/language-model.ts";
import type { Tail } from "../../engine/tails/tail.ts";

/** Streams through the final norm: output `states` [batch, token, points, d]. */
export const normedStates = (points: readonly string[]): Tail => ({
  name: "normed",
  key: JSON.stringify({ points }),
  build: (site) => ({
    states: op.concat(
      points.map((point) => op.unsqueeze(site.finalNorm(site.point(point)), [2])),
      2,
    ),
  }),
});

/** Keeps the normed states at the positions that count, one [points, d] after another. */
export function stateKeeper(ordinary: readonly (readonly boolean[])[], width: number) {
  const kept: Float32Array[] = [];
  return {
    kept,
    beside({ indices, lengths, tokens, outputs }: BatchResult) {
      const data = outputs["normed.states"]!.data as Float32Array;
      indices.forEach((sequence, row) => {
        for (let t = 0; t < lengths[row]!; t++)
          if (ordinary[sequence]![t]) kept.push(data.slice((row * tokens + t) * width, (row * tokens + t + 1) * width));
      });
    },
  };
}
