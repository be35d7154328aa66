import type { Value } from "../graph/graph.ts";
import * as op from "../graph/ops.ts";
import type { Site } from "../tails/tail.ts";
import type { Intervention } from "./intervention.ts";

/**
 * Skips whole blocks, at chosen positions: both sublayers of a block write nothing there, so that the stream passes it by.
 * Keys and values that a skipped block would have offered to other positions are computed from the stream as it is.
 * Feed: `block_keep` float32 [batch, token, blocks], 1 where a block works, 0 where it is skipped.
 */
export function skipBlocks(): Intervention {
  return {
    key: "skip-blocks",
    at: "blocks.*.hook_{attn,mlp}_out",
    apply(site: Site, value: Value, point: string): Value {
      const block = Number(point.split(".")[1]);
      const keep = site.input("block_keep", "float32", ["batch", "token", site.config.nLayers]);
      return op.mul(value, op.slice(keep, -1, block, block + 1));
    },
  };
}
