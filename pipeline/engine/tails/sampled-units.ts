import type { Value } from "../graph/graph.ts";
import * as op from "../graph/ops.ts";
import type { Tail } from "./tail.ts";

export interface SampledUnitsOptions {
  /** Points [batch, token, width] of which coordinates are taken as they stand. */
  readonly points: readonly string[];
  /** Coordinates taken at each point. */
  readonly coordinates: number;
  /** Directions read at each point besides; none when 0. */
  readonly directions?: number;
}

/**
 * A few coordinates of each of many wide points, so that the rest never leaves the graph. Name distinguishes several.
 * Feeds: `<name>_at` int64 [points, coordinates], and with directions `<name>_directions` float32 [points, width, directions].
 * Outputs: `taken` [batch, token, points, coordinates]; `read` [batch, token, points, directions], the inner products.
 */
export function sampledUnits(name: string, { points, coordinates, directions = 0 }: SampledUnitsOptions): Tail {
  return {
    name,
    key: JSON.stringify({ points, coordinates, directions }),
    build(site) {
      const at = site.input(`${name}_at`, "int64", [points.length, coordinates]);
      const taken = points.map((point, p) => {
        const chosen = op.squeeze(op.slice(at, 0, p, p + 1), [0]);
        return op.unsqueeze(op.gather(site.point(point), chosen, 2), [2]);
      });
      const outputs: Record<string, Value> = { taken: op.concat(taken, 2) };
      if (directions === 0) return outputs;
      const width = site.point(points[0]!).shape[2] as number;
      const matrix = site.input(`${name}_directions`, "float32", [points.length, width, directions]);
      const read = points.map((point, p) => {
        const onto = op.squeeze(op.slice(matrix, 0, p, p + 1), [0]);
        return op.unsqueeze(op.matmul(site.point(point), onto), [2]);
      });
      return { ...outputs, read: op.concat(read, 2) };
    },
  };
}
