import type { LanguageModel } from "../../engine/run/language-model.ts";
import type { Tensor } from "../../engine/runtime.ts";
import { type Random, random } from "../../statistics/random.ts";
import { nextTokens } from "../support/next-tokens.ts";
import { type CutOptions, cutState, cutsOf, FIGURES } from "./cut-state.ts";

/** What cuts do to the prediction at one token. */
export interface CutToken {
  readonly document: number;
  /** Entropy of the uncut prediction, nats. */
  readonly entropy: number;
  /** [cut × FIGURES] */
  readonly figures: Float32Array;
}

/**
 * Every token but the first and the last of each sequence; sinks are not told apart, since the final norm ends them.
 * @param rotation [dModel × dModel], orthogonal
 */
export async function readCuts(
  model: LanguageModel,
  sequences: readonly (readonly number[])[],
  options: CutOptions & { readonly rotation: Float32Array; readonly seed: number },
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<CutToken[]> {
  const width = model.config.dModel;
  const size = cutsOf(options.sizes).length * FIGURES.length;
  const scores = (indices: readonly number[], tokens: number, draw: number): Tensor => {
    const data = new Float32Array(indices.length * tokens * width);
    indices.forEach((index, row) => {
      // By sequence, so that the batch it falls into doesn't matter; above 0, as what is closed to a cut has 0.
      const { uniform } = random(options.seed + 1000 * index + draw);
      for (let i = 0; i < tokens * width; i++) data[row * tokens * width + i] = 0.01 + uniform();
    });
    return { type: "float32", shape: [indices.length, tokens, width], data };
  };
  const request = {
    points: [],
    tails: [cutState(options)],
    batch: 2,
    feeds: (indices: readonly number[], tokens: number): Record<string, Tensor> => ({
      target: nextTokens(
        indices.map((i) => sequences[i]!),
        tokens,
      ),
      rotation: { type: "float32", shape: [width, width], data: options.rotation },
      ...Object.fromEntries(
        Array.from({ length: options.draws }, (_, draw) => [`scores.${draw}`, scores(indices, tokens, draw)]),
      ),
    }),
  };
  const found: CutToken[] = [];
  let done = 0;
  for await (const { indices, lengths, tokens, outputs } of model.run(sequences, request, signal)) {
    const values = outputs["cut.values"]!.data as Float32Array;
    const entropy = outputs["cut.entropy"]!.data as Float32Array;
    indices.forEach((document, row) => {
      for (let position = 1; position < lengths[row]! - 1; position++) {
        const at = row * tokens + position;
        found.push({ document, entropy: entropy[at]!, figures: values.slice(at * size, (at + 1) * size) });
      }
    });
    done += indices.length;
    progress(done / sequences.length);
  }
  return found.sort((a, b) => a.document - b.document);
}

/** A random orthogonal matrix, rows one after another: Gram–Schmidt on normal draws, twice for float32's sake. */
export function randomRotation(width: number, { normal }: Random): Float32Array {
  const rows = Array.from({ length: width }, () => Float64Array.from({ length: width }, normal));
  for (const [i, row] of rows.entries()) {
    for (let pass = 0; pass < 2; pass++)
      for (let j = 0; j < i; j++) {
        const along = row.reduce((sum, v, d) => sum + v * rows[j]![d]!, 0);
        for (let d = 0; d < width; d++) row[d]! -= along * rows[j]![d]!;
      }
    const length = Math.hypot(...row);
    for (let d = 0; d < width; d++) row[d]! /= length;
  }
  return Float32Array.from(rows.flatMap((row) => [...row]));
}
