import type { Value } from "../graph/graph.ts";
import * as op from "../graph/ops.ts";
import type { Site } from "../tails/tail.ts";
import type { Intervention } from "./intervention.ts";

/**
 * Ablation at every point that `at` matches, chosen row by row: value · keep + (1 − keep) · replacement, the replacement
 * being zero or the given mean. Many ablations run in one batch, one a row.
 * Feeds: `keep` float32 [batch, points] (1 leaves a point alone, 0 ablates it; points in order of computation), and for
 * `mean` also `means` float32 [points, width].
 * @param from first position ablated; those before it (an attention sink) are left as they are. Needs points [batch, token, …].
 */
export function ablate(at: string, replacement: "zero" | "mean", from = 0): Intervention {
  return {
    key: `ablate:${replacement}:${from}`,
    at,
    apply(site: Site, value: Value, point: string): Value {
      const points = site.matching(at);
      const i = points.indexOf(point);
      const column = op.slice(site.input("keep", "float32", ["batch", points.length]), 1, i, i + 1);
      const wanted = op.unsqueeze(
        column,
        Array.from({ length: value.shape.length - 2 }, (_, axis) => axis + 2),
      );
      const keep = from === 0 ? wanted : op.maximum(wanted, before(site, from, value.shape.length));
      const kept = op.mul(value, keep);
      if (replacement === "zero") return kept;
      const width = value.shape.at(-1)!;
      const means = site.input("means", "float32", [points.length, width]);
      const mean = op.slice(means, 0, i, i + 1);
      return op.add(kept, op.mul(op.sub(op.scalar(site.graph, 1), keep), op.reshapeAs(mean, [-1], [width])));
    },
  };
}

/** 1 at positions before `from`, 0 elsewhere: [1, token, 1, …] of so many axes. */
function before(site: Site, from: number, axes: number): Value {
  const positions = op.range(op.extentOf(site.ids, 1), "token");
  const spared = op.cast(op.greater(op.scalar(site.graph, from, "int64"), positions), "float32");
  return op.unsqueeze(spared, [0, ...Array.from({ length: axes - 2 }, (_, axis) => axis + 2)]);
}
