import * as op from "../graph/ops.ts";
import type { Tail } from "./tail.ts";

/**
 * How the model's own prediction does on the text. Needs the feed `target` int64 [batch, token] (any id where there is none).
 * Outputs [batch, token]: `logprob`, nats, of the target, and `top`, int64, the likeliest token.
 */
export function nextToken(): Tail {
  return {
    name: "next_token",
    key: "next-token",
    build(site) {
      const target = op.unsqueeze(site.input("target", "int64", ["batch", "token"]), [2]);
      const logits = site.point("logits");
      const { values, indices } = op.topK(logits, 1);
      // log Z from the likeliest token, x₁ − log p₁: its probability doesn't underflow, the target's may.
      const logZ = op.sub(values, op.log(op.gatherElements(op.softmax(logits), indices)));
      return {
        logprob: op.squeeze(op.sub(op.gatherElements(logits, target), logZ), [2]),
        top: op.squeeze(indices, [2]),
      };
    },
  };
}
