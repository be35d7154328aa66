import type { Value } from "../graph/graph.ts";
import * as op from "../graph/ops.ts";
import type { Site } from "../tails/tail.ts";
import type { Intervention } from "./intervention.ts";

/**
 * Ablation at every point that `at` matches, chosen row by row: value · keep + (1 − keep) · replacement, the replacement
 * being zero or the given mean. Many ablations run in one batch, one a row.
 * Feeds: `keep` float32 [batch, points] (1 leaves a point alone, 0 ablates it; points in order of computation), and for
 * `mean` also `means` float32 [points, width].
 */
export function ablate(at: string, replacement: "zero" | "mean"): Intervention {
  return {
    key: `ablate:${replacement}`,
    at,
    apply(site: Site, value: Value, point: string): Value {
      const points = site.matching(at);
      const i = points.indexOf(point);
      const column = op.slice(site.input("keep", "float32", ["batch", points.length]), 1, i, i + 1);
      const keep = op.unsqueeze(
        column,
        Array.from({ length: value.shape.length - 2 }, (_, axis) => axis + 2),
      );
      const kept = op.mul(value, keep);
      if (replacement === "zero") return kept;
      const width = value.shape.at(-1)!;
      const means = site.input("means", "float32", [points.length, width]);
      const mean = op.slice(means, 0, i, i + 1);
      return op.add(kept, op.mul(op.sub(op.scalar(site.graph, 1), keep), op.reshapeAs(mean, [-1], [width])));
    },
  };
}
