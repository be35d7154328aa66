import * as op from "../graph/ops.ts";
import type { Tail } from "./tail.ts";
import { logProbability } from "./vocabulary.ts";

/**
 * Surprisal −log p(target | what stands before) of the model's own final distribution. Needs the feed `target` int64
 * [batch, token], the id that follows each token (any id where none does). Output `next` [batch, token], nats.
 */
export const surprisal: Tail = {
  name: "surprisal",
  key: "",
  build(site) {
    const target = op.unsqueeze(site.input("target", "int64", ["batch", "token"]), [2]);
    return { next: op.squeeze(op.neg(logProbability(site.point("logits"), target)), [2]) };
  },
};
