import { rolesOf } from "../architectures/index.ts";
import type { Value } from "../graph/graph.ts";
import * as op from "../graph/ops.ts";
import type { Tail } from "./tail.ts";

/**
 * The same statistics with a read-out of its own for each of the points `at`: where the tail takes the final norm of a
 * stream there, it gets A · norm(h) + b, and where it unembeds one, the unembedding of that. Points apart from these, the
 * logits among them, are the model's own, and so is the pass.
 * Feeds: `read_out_weight` float32 [points, d, d], each A as [out, in], and `read_out_bias` [points, d].
 */
export function fittedReadOut(tail: Tail, at: readonly string[]): Tail {
  return {
    ...tail,
    key: JSON.stringify({ of: tail.key, fitted: at }),
    build(site) {
      const { dModel } = site.config;
      const weights = site.input("read_out_weight", "float32", [at.length, dModel, dModel]);
      const biases = site.input("read_out_bias", "float32", [at.length, dModel]);
      const part = (of: Value, i: number) => op.squeeze(op.slice(of, 0, i, i + 1), [0]);
      const places = new Map<Value, number>();
      const finalNorm = (stream: Value): Value => {
        const i = places.get(stream);
        const normed = site.finalNorm(stream);
        return i === undefined ? normed : op.linear(normed, part(weights, i), part(biases, i));
      };
      return tail.build({
        ...site,
        point(name) {
          const value = site.point(name);
          if (at.includes(name)) places.set(value, at.indexOf(name));
          return value;
        },
        finalNorm,
        unembed: (stream) =>
          places.has(stream)
            ? op.linear(finalNorm(stream), site.parameter(rolesOf(site.config).unembedding))
            : site.unembed(stream),
      });
    },
  };
}
