import type { Value } from "../../graph/graph.ts";
import * as op from "../../graph/ops.ts";
import { packed } from "../../run/packed.ts";
import { placeOf } from "../../run/weights.ts";
import type { Tensor } from "../../runtime.ts";
import { zeros } from "../initial.ts";
import type { Json, Task } from "../task.ts";

export interface ReadOutsOptions {
  /** Names of what is read, as parameters shall have them: depths, say. */
  readonly names: readonly string[];
  /** The unembedding, [vocab, width]; frozen. */
  readonly unembedding: Pick<Tensor, "shape" | "data">;
  /** Says which model it is of. */
  readonly model: Json;
}

/**
 * Affine read-outs before the unembedding U: for each of several states x a map A x + b such that
 * KL(softmax(U · final) ‖ softmax(U (A x + b))) is small. They train side by side and share nothing. In contrast to the
 * translators of Belrose et al. (2023), which act before the final norm, what is read here may be scaled as one likes.
 * Inputs: `states` float32 [row, name, width] and `final` [row, width], the state that the model itself unembeds.
 * Parameters: `<name>.weight` [width, width] and `<name>.bias` [width]. Loss: the sum over names of the mean KL over rows,
 * nats; metrics `kl.<name>`.
 */
export function readOuts({ names, unembedding, model }: ReadOutsOptions): Task {
  const width = unembedding.shape[1]!;
  const frozen = packed("unembedding", [["unembedding", unembedding]]);
  return {
    name: "read-outs",
    key: { model, names },
    parameters: Object.fromEntries(
      names.flatMap((name) => [
        [`${name}.weight`, { shape: [width, width], initial: zeros, decay: false }],
        [`${name}.bias`, { shape: [width], initial: zeros }],
      ]),
    ),
    inputs: {
      states: { type: "float32", shape: ["row", names.length, width] },
      final: { type: "float32", shape: ["row", width] },
    },
    external: [frozen.external],
    build(site) {
      const { shape, offset } = placeOf(frozen, "unembedding");
      const matrix = site.graph.parameter("unembedding", shape, { location: frozen.location, offset });
      const target = op.logSoftmax(op.linear(site.input("final"), matrix));
      const rows = op.cast(op.extentOf(site.input("final"), 0), "float32");
      const kls = names.map((name, i) => {
        const state = op.squeeze(op.slice(site.input("states"), 1, i, i + 1), [1]);
        const read = op.linear(state, site.parameter(`${name}.weight`), site.parameter(`${name}.bias`));
        return meanDivergence(target, op.linear(read, matrix), rows);
      });
      return {
        loss: kls.reduce((sum, kl) => op.add(sum, kl)),
        weight: rows,
        metrics: Object.fromEntries(kls.map((kl, i) => [`kl.${names[i]}`, kl])),
      };
    },
  };
}

/** Mean over rows of KL(p ‖ softmax(logits)), p given by its logarithm [row, vocab]; the gradient flows to the logits alone. */
const meanDivergence = (logP: Value, logits: Value, rows: Value): Value =>
  op.composite([logits], () => {
    const logQ = op.logSoftmax(logits);
    const p = op.exp(logP);
    const output = op.div(op.reduceSum(op.mul(p, op.sub(logP, logQ)), [0, 1]), rows);
    // ∂/∂logits = (q − p) / rows
    return { output, rule: (g) => [op.mul(op.sub(op.exp(logQ), p), op.div(g, rows))] };
  });
