import { productOf, type Value } from "../graph/graph.ts";
import * as op from "../graph/ops.ts";
import type { Site, Tail } from "./tail.ts";

export interface MomentsOptions {
  /** Tells the inputs and outputs of several apart. */
  readonly name: string;
  /** Residual points that are regressed on, x. */
  readonly points: readonly string[];
  /** The point that is told, y. */
  readonly target: string;
  /** Whether each x also meets the y of another position. */
  readonly exchanged: boolean;
}

/**
 * What least squares of one normed stream on others need of a batch, so that no state leaves the graph; x and y are read
 * through the model's final norm. Feeds, int64 and float32 [batch, token]: `<name>_counts`, 1 where a position counts, else
 * 0 (one counts at least); with `exchanged` also `<name>_other`, for each position the one, counted through the batch, whose
 * y it meets instead of its own. Outputs, `d` the model's width and sums over the positions that count:
 * - `mean_x` [points, d], `mean_y` [d], `count` [1];
 * - `xx` [points, d, d] and `xy` [points, d, d]: Σ (x − mean)(x − mean)ᵀ and Σ (x − mean)(y − mean)ᵀ, the means the batch's;
 * - `exchanged` [points, d, d], where it was asked for: as `xy`, with the other y.
 */
export function moments({ name, points, target, exchanged }: MomentsOptions): Tail {
  return {
    name,
    key: JSON.stringify({ points, target, exchanged }),
    build(site) {
      const counts = column(site.input(`${name}_counts`, "float32", ["batch", "token"]));
      const count = op.reduceSum(counts, [0], true);
      const centred = (rows: Value) => {
        const mean = op.div(op.reduceSum(op.mul(rows, counts), [0], true), count);
        return { mean, rows: op.mul(op.sub(rows, mean), counts) };
      };
      const y = centred(normed(site, target));
      const others = exchanged
        ? op.gather(y.rows, op.reshape(site.input(`${name}_other`, "int64", ["batch", "token"]), [POSITIONS]))
        : undefined;
      const each = points.map((point) => {
        const x = centred(normed(site, point));
        const across = (of: Value) => op.unsqueeze(op.gemm(x.rows, of, { transA: true }), [0]);
        return { mean: x.mean, xx: across(x.rows), xy: across(y.rows), ...(others && { exchanged: across(others) }) };
      });
      const stacked = (of: readonly Value[]) => op.concat(of, 0);
      return {
        count: op.squeeze(count, [1]),
        mean_y: op.squeeze(y.mean, [0]),
        mean_x: stacked(each.map(({ mean }) => mean)),
        xx: stacked(each.map(({ xx }) => xx)),
        xy: stacked(each.map(({ xy }) => xy)),
        ...(exchanged && { exchanged: stacked(each.map((of) => of.exchanged!)) }),
      };
    },
  };
}

const POSITIONS = productOf(["batch", "token"]);

/** [batch, token] as [positions, 1] */
const column = (x: Value): Value => op.reshape(x, [POSITIONS, 1]);

/** A stream through the final norm, [positions, d]. */
const normed = (site: Site, point: string): Value =>
  op.reshape(site.finalNorm(site.point(point)), [POSITIONS, site.config.dModel]);
