import type { LanguageModel } from "../../engine/run/language-model.ts";
import { addEnergyShares, forEachStreams, influenceAt } from "./block-influence.ts";
import { rowNorms } from "./sinks.ts";

/** 1 − cos of every block summed over the kept positions of one sequence: all dimensions, and without the massive ones. */
export interface InfluenceSums {
  readonly whole: Float64Array;
  readonly plain: Float64Array;
  readonly positions: number;
}

/** Block influence of every block, for each sequence. */
export async function influenceOf(
  model: LanguageModel,
  sequences: readonly (readonly number[])[],
  keep: readonly (readonly boolean[])[],
  massive: readonly number[],
  signal: AbortSignal,
): Promise<InfluenceSums[]> {
  const { nLayers, dModel } = model.config;
  const left = new Set(massive);
  const found: InfluenceSums[] = [];
  await forEachStreams(model, sequences, signal, (sequence, streams) => {
    const whole = new Float64Array(nLayers);
    const plain = new Float64Array(nLayers);
    let positions = 0;
    keep[sequence]!.forEach((kept, token) => {
      if (!kept) return;
      positions++;
      influenceAt(streams, token, dModel, () => true).forEach((value, block) => {
        whole[block]! += value;
      });
      influenceAt(streams, token, dModel, (d) => !left.has(d)).forEach((value, block) => {
        plain[block]! += value;
      });
    });
    found[sequence] = { whole, plain, positions };
  });
  return found;
}

/**
 * Norms at the middle depth, by which sinks are found, and each dimension's mean share of the squared norm over depths
 * after the embedding and over the positions that are then kept.
 */
export async function normsAndEnergy(
  model: LanguageModel,
  sequences: readonly (readonly number[])[],
  signal: AbortSignal,
) {
  const { nLayers, dModel } = model.config;
  const norms: Float64Array[] = [];
  const byPosition: Float32Array[] = [];
  await forEachStreams(model, sequences, signal, (sequence, streams) => {
    const length = sequences[sequence]!.length;
    norms[sequence] = rowNorms(streams[Math.floor(nLayers / 2)]!, 0, length, length, dModel);
    const shares = new Float32Array(length * dModel);
    for (let token = 0; token < length; token++) {
      const one = new Float64Array(dModel);
      addEnergyShares(streams, token, one);
      shares.set(one, token * dModel);
    }
    byPosition[sequence] = shares;
  });
  const energy = (keep: readonly (readonly boolean[])[]): Float64Array => {
    const sum = new Float64Array(dModel);
    let rows = 0;
    byPosition.forEach((shares, sequence) => {
      keep[sequence]!.forEach((kept, token) => {
        if (!kept) return;
        rows++;
        for (let d = 0; d < dModel; d++) sum[d]! += shares[token * dModel + d]! / nLayers;
      });
    });
    return sum.map((value) => value / rows);
  };
  return { norms, energy };
}
