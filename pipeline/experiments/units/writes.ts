import type { Value } from "../../engine/graph/graph.ts";
import * as op from "../../engine/graph/ops.ts";
import { patch } from "../../engine/points/patch.ts";
import type { LanguageModel } from "../../engine/run/language-model.ts";
import type { Tail } from "../../engine/tails/tail.ts";

/** What a unit of positive activation adds to the stream. */
export interface UnitWrites {
  /** [dModel] its column of the output matrix, brought to length 1. */
  readonly direction: Float32Array;
  /** Tokens whose logits it raises most, were it all that the last norm got, and those that it lowers most. */
  readonly raised: readonly string[];
  readonly lowered: readonly string[];
}

const TOKENS = 6;

/**
 * What each unit writes: [blocks][units]. The activations of a block are replaced by those of one unit alone, at 1, less
 * none at all (a bias of the output matrix is no unit's), and what the block's MLP then adds is read through the final
 * norm and the unembedding, by itself. So it is a direct effect: later blocks, which may read it otherwise, have no part.
 * @param units [blocks] numbers of the units
 */
export async function unitWrites(
  model: LanguageModel,
  units: readonly Int32Array[],
  show: (token: number) => string,
  signal: AbortSignal,
): Promise<UnitWrites[][]> {
  const { dMlp, dModel } = model.config;
  const written: UnitWrites[][] = [];
  for (const [block, numbers] of units.entries()) {
    const post = `blocks.${block}.mlp.hook_post`;
    const added = `blocks.${block}.hook_mlp_out`;
    // One sequence: nothing at its first position, then each unit alone.
    const count = numbers.length + 1;
    const data = new Float32Array(count * dMlp);
    numbers.forEach((unit, i) => {
      data[(i + 1) * dMlp + unit] = 1;
    });
    const request = {
      points: [added],
      tails: [readAlone(added)],
      interventions: [patch({ at: post, from: "feed" })],
      feeds: () => ({ [`patch.value.${post}`]: { type: "float32" as const, shape: [1, count, dMlp], data } }),
    };
    for await (const { outputs } of model.run([new Array<number>(count).fill(0)], request, signal)) {
      const rows = outputs[added]!.data as Float32Array;
      const words = (name: string, at: number) =>
        Array.from((outputs[`alone.${name}`]!.data as BigInt64Array).subarray(at * TOKENS, (at + 1) * TOKENS), (id) =>
          show(Number(id)),
        );
      written.push(
        Array.from(numbers, (_, i) => ({
          direction: unitLength(rows.slice((i + 1) * dModel, (i + 2) * dModel)),
          raised: words("raised", i + 1),
          lowered: words("lowered", i + 1),
        })),
      );
    }
  }
  return written;
}

/** The likeliest and the least likely tokens were `point`, less its first position, all that there is in the stream. */
function readAlone(point: string): Tail {
  return {
    name: "alone",
    key: JSON.stringify({ point, TOKENS }),
    build(site) {
      const value = site.point(point);
      const logits = site.unembed(op.sub(value, op.slice(value, 1, 0, 1)));
      const top = (of: Value) => op.topK(of, TOKENS).indices;
      return { raised: top(logits), lowered: top(op.neg(logits)) };
    },
  };
}

function unitLength(of: Float32Array): Float32Array {
  const norm = Math.hypot(...of);
  return norm > 0 ? of.map((x) => x / norm) : of;
}
