import * as op from "../graph/ops.ts";
import type { Tail } from "./tail.ts";

/**
 * The same statistics of residual streams of which some dimensions are 0: at the points `at` the tail reads masked values.
 * What it reads elsewhere is the model's own, and so is the pass: nothing that the model computes is changed.
 */
export function withoutDimensions(tail: Tail, at: readonly string[], dimensions: readonly number[]): Tail {
  return {
    ...tail,
    key: JSON.stringify({ of: tail.key, at, dimensions }),
    build: (site) => {
      const keep = Float32Array.from({ length: site.config.dModel }, (_, d) => (dimensions.includes(d) ? 0 : 1));
      const mask = site.graph.constant(keep, "float32", [site.config.dModel]);
      return tail.build({
        ...site,
        point: (name) => (at.includes(name) ? op.mul(site.point(name), mask) : site.point(name)),
      });
    },
  };
}
