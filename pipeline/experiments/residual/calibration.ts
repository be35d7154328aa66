import type { LanguageModel } from "../../engine/run/language-model.ts";
import { residualDepths } from "../../engine/tails/logit-lens.ts";
import { quantile } from "../../statistics/summary.ts";

/** What sets sinks and massive dimensions apart in one model, found on a sample of text. */
export interface Calibration {
  /** Median ‖h‖ at each depth over the tokens of the sample, first positions left out. */
  readonly medianNorm: readonly number[];
  /** Massive dimensions, ascending, and for each the depth at which its share of the squared norm is greatest. */
  readonly massive: readonly { dimension: number; share: number; depth: number }[];
}

export interface CalibrationOptions {
  /** A token is a sink when ‖h‖ exceeds this many medians at some depth after the embedding. */
  readonly sinkFactor: number;
  /** A dimension is massive when it holds at least this share of Σ‖h‖² at some depth after the embedding, sinks out. */
  readonly massiveShare: number;
}

/** Finds the medians by which sinks are told, and the massive dimensions, from the residual streams of `sequences`. */
export async function calibrate(
  model: LanguageModel,
  sequences: readonly (readonly number[])[],
  options: CalibrationOptions,
): Promise<Calibration> {
  const points = residualDepths(model.config.nLayers);
  const width = model.config.dModel;
  const states: Float32Array[][] = points.map(() => []);
  for await (const { indices, lengths, tokens, outputs } of model.run(sequences, { points })) {
    points.forEach((point, depth) => {
      const { data } = outputs[point]!;
      indices.forEach((_, row) => {
        // Position 0 is a sink in every sequence.
        for (let t = 1; t < lengths[row]!; t++) {
          const at = (row * tokens + t) * width;
          states[depth]!.push((data as Float32Array).slice(at, at + width));
        }
      });
    });
  }
  return fromStates(states, options);
}

/** @param states [depth][token] vectors, first positions left out. */
export function fromStates(states: readonly (readonly Float32Array[])[], options: CalibrationOptions): Calibration {
  const norms = states.map((tokens) => tokens.map((h) => Math.sqrt(h.reduce((sum, v) => sum + v * v, 0))));
  const medianNorm = norms.map((values) => quantile(values, 0.5));
  const sink = norms[0]!.map((_, i) => isSink((depth) => norms[depth]![i]!, medianNorm, options.sinkFactor));
  const width = states[0]![0]!.length;
  const most = Array.from({ length: width }, (_, dimension) => ({ dimension, share: 0, depth: 0 }));
  for (let depth = 1; depth < states.length; depth++) {
    const energy = new Float64Array(width);
    states[depth]!.forEach((h, i) => {
      if (!sink[i]) for (let d = 0; d < width; d++) energy[d]! += h[d]! ** 2;
    });
    const total = energy.reduce((sum, v) => sum + v, 0);
    for (const entry of most) {
      const share = energy[entry.dimension]! / total;
      if (share > entry.share) Object.assign(entry, { share, depth });
    }
  }
  return { medianNorm, massive: most.filter(({ share }) => share >= options.massiveShare) };
}

/** Whether a token's norm is, at some depth after the embedding, more than `factor` times that depth's median. */
export function isSink(normAt: (depth: number) => number, medianNorm: readonly number[], factor: number): boolean {
  for (let depth = 1; depth < medianNorm.length; depth++) if (normAt(depth) > factor * medianNorm[depth]!) return true;
  return false;
}
