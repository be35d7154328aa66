import * as op from "../graph/ops.ts";
import type { Tail } from "./tail.ts";

/**
 * Logits of two candidate next tokens at one position of each sequence, through the model's own read-out of `point`.
 * Feeds: `at` float32 [batch, token], 1 at the position read and 0 elsewhere; `candidates` int64 [batch, 2] (answer, foil).
 * Output: `margin` [batch], logit of the first minus logit of the second.
 */
export function answerMargin(point: string): Tail {
  return {
    name: "answer_margin",
    key: point,
    build(site) {
      const at = op.unsqueeze(site.input("at", "float32", ["batch", "token"]), [2]);
      const candidates = site.input("candidates", "int64", ["batch", 2]);
      const residual = op.reduceSum(op.mul(site.point(point), at), [1]);
      const pair = op.gatherElements(site.unembed(residual), candidates);
      return { margin: op.squeeze(op.sub(op.slice(pair, -1, 0, 1), op.slice(pair, -1, 1, 2)), [-1]) };
    },
  };
}
