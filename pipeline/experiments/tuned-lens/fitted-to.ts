import type { LanguageModel } from "../../engine/run/language-model.ts";
import type { Tensor } from "../../engine/runtime.ts";
import { fittedReadOut } from "../../engine/tails/fitted-read-out.ts";
import { residualDepths } from "../../engine/tails/logit-lens.ts";
import type { AffineMap } from "./least-squares.ts";

/**
 * The same model, whose tails read the streams at `depths` through these maps, one a depth, in place of the model's own
 * read-out; what it computes is unchanged.
 */
export function fittedTo(model: LanguageModel, depths: readonly number[], maps: readonly AffineMap[]): LanguageModel {
  const streams = residualDepths(model.config.nLayers);
  const at = depths.map((depth) => streams[depth]!);
  const { dModel } = model.config;
  const joined = (of: readonly Float32Array[], ...shape: number[]): Tensor => {
    const data = new Float32Array(of.reduce((sum, each) => sum + each.length, 0));
    let from = 0;
    for (const each of of) {
      data.set(each, from);
      from += each.length;
    }
    return { type: "float32", shape: [of.length, ...shape], data };
  };
  const given = {
    read_out_weight: joined(
      maps.map(({ weight }) => weight),
      dModel,
      dModel,
    ),
    read_out_bias: joined(
      maps.map(({ bias }) => bias),
      dModel,
    ),
  };
  return {
    ...model,
    run: (sequences, { tails = [], feeds, ...request }, signal) =>
      model.run(
        sequences,
        {
          ...request,
          tails: tails.map((tail) => fittedReadOut(tail, at)),
          feeds: (indices, tokens) => ({ ...feeds?.(indices, tokens), ...given }),
        },
        signal,
      ),
  };
}
