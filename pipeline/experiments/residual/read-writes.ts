import { rolesOf } from "../../engine/architectures/index.ts";
import { sublayers } from "../../engine/points/sublayers.ts";
import type { LanguageModel } from "../../engine/run/language-model.ts";
import type { Tensor } from "../../engine/runtime.ts";
import { GRAM_SIZE, gramIndex, writes } from "../../engine/tails/writes.ts";
import { random } from "../../statistics/random.ts";
import { type Calibration, dimensionsOf, isSink } from "../support/calibration.ts";
import { nextTokens } from "../support/next-tokens.ts";
import { STATISTICS, writeStatistics } from "./write-statistics.ts";

/** ‖h‖² of the final stream, and what a write and the stream before it put along the read-out direction. */
const END = gramIndex("final", "final");
const SHARE = gramIndex("write", "readout");
const EMBEDDED = gramIndex("stream", "readout");

/** Sums over the tokens of each document; sinks and first positions are left out. */
export interface WriteSums {
  /** Columns of `all` and `kept`: sublayer × statistic. */
  readonly columns: number;
  readonly all: Float64Array;
  /** The same without massive dimensions. */
  readonly kept: Float64Array;
  /** [documents × (depths × 2)] ‖h‖, all dimensions, then without massive ones; depth 0 is the embedding. */
  readonly norms: Float64Array;
  /** [documents × 2 × (sublayers + 1)] share in the target's centred logit: embedding, then each sublayer; then without massive dimensions. */
  readonly attribution: Float64Array;
  /** [documents] |sum of shares (and the final norm's bias) − logit|, summed and greatest. */
  readonly error: Float64Array;
  readonly greatestError: Float64Array;
  /** [documents] tokens counted, and sinks put aside (first positions are in neither). */
  readonly tokens: Float64Array;
  readonly sinks: Float64Array;
}

export interface ReadWritesOptions {
  readonly seed: number;
  readonly progress: (share: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs the sequences through the tail `writes`. `documents` says which row each sequence belongs to; the last token of a
 * sequence has no target and isn't counted.
 */
export async function readWrites(
  model: LanguageModel,
  sequences: readonly (readonly number[])[],
  documents: readonly number[],
  calibration: Calibration,
  into: WriteSums,
  { seed, progress, signal }: ReadWritesOptions,
): Promise<void> {
  const { dModel, nLayers, vocabSize } = model.config;
  const steps = sublayers(nLayers).length;
  const unembedding = await model.parameter(rolesOf(model.config).unembedding);
  const centre: Tensor = { type: "float32", shape: [dModel], data: meanRow(unembedding.data, vocabSize, dModel) };
  const tail = writes({ without: dimensionsOf(calibration) });
  const feeds = (indices: readonly number[], tokens: number) => ({
    centre,
    target: nextTokens(
      indices.map((i) => sequences[i]!),
      tokens,
    ),
    random: directions(
      indices.map((i) => seed + documents[i]!),
      tokens,
      dModel,
    ),
  });
  const one = new Float64Array(STATISTICS.length);
  let done = 0;
  for await (const { indices, lengths, tokens, outputs } of model.run(sequences, { tails: [tail], feeds }, signal)) {
    const get = (name: string) => outputs[`writes.${name}`]!.data as Float32Array;
    const [gram, gramKept, agreeing] = [get("gram"), get("gram_kept"), get("agreeing")];
    const [embedding, scale, logit] = [get("embedding"), get("scale"), get("logit")];
    const constant = outputs["writes.constant"]?.data as Float32Array | undefined;
    indices.forEach((index, row) => {
      const document = documents[index]!;
      for (let t = 1; t < lengths[row]! - 1; t++) {
        const token = row * tokens + t;
        const at = (sublayer: number) => (token * steps + sublayer) * GRAM_SIZE;
        // The stream before block k's attention is depth k; the final stream is the last depth.
        const normAt = (depth: number, of: Float32Array) =>
          Math.sqrt(depth < nLayers ? of[at(2 * depth)]! : of[at(0) + END]!);
        if (isSink((depth) => normAt(depth, gram), calibration.medianNorm)) {
          into.sinks[document]!++;
          continue;
        }
        into.tokens[document]!++;
        for (let s = 0; s < steps; s++) {
          const column = document * into.columns + s * STATISTICS.length;
          for (const [from, to, which] of [
            [gram, into.all, 0],
            [gramKept, into.kept, 1],
          ] as const) {
            writeStatistics(from, at(s), agreeing[(token * steps + s) * 2 + which]!, one);
            for (let k = 0; k < one.length; k++) to[column + k]! += one[k]!;
          }
        }
        // The stream that the first write joins is the embedding.
        for (const [from, place] of [
          [gram, 2 * document],
          [gramKept, 2 * document + 1],
        ] as const) {
          into.attribution[place * (steps + 1)]! += from[at(0) + EMBEDDED]! / scale[token]!;
          for (let s = 0; s < steps; s++)
            into.attribution[place * (steps + 1) + 1 + s]! += from[at(s) + SHARE]! / scale[token]!;
        }
        for (let depth = 0; depth <= nLayers; depth++) {
          into.norms[document * 2 * (nLayers + 1) + depth]! += normAt(depth, gram);
          into.norms[document * 2 * (nLayers + 1) + nLayers + 1 + depth]! += normAt(depth, gramKept);
        }
        const shares = sumOfShares(gram, at, steps, embedding[token]!) / scale[token]! + (constant?.[token] ?? 0);
        const error = Math.abs(shares - logit[token]!);
        into.error[document]! += error;
        into.greatestError[document] = Math.max(into.greatestError[document]!, error);
      }
    });
    done += indices.length;
    progress(done / sequences.length);
  }
}

/** Sums with nothing in them yet. */
export function noSums(documents: number, nLayers: number): WriteSums {
  const columns = 2 * nLayers * STATISTICS.length;
  const zeros = (width: number) => new Float64Array(documents * width);
  return {
    columns,
    all: zeros(columns),
    kept: zeros(columns),
    norms: zeros(2 * (nLayers + 1)),
    attribution: zeros(2 * (2 * nLayers + 1)),
    error: zeros(1),
    greatestError: zeros(1),
    tokens: zeros(1),
    sinks: zeros(1),
  };
}

function sumOfShares(gram: Float32Array, at: (s: number) => number, steps: number, embedding: number): number {
  let sum = embedding;
  for (let s = 0; s < steps; s++) sum += gram[at(s) + SHARE]!;
  return sum;
}

/** Mean row of a matrix [rows, width], summed in float64. */
export function meanRow(matrix: Float32Array, rows: number, width: number): Float32Array {
  const sum = new Float64Array(width);
  for (let i = 0; i < rows; i++) for (let d = 0; d < width; d++) sum[d]! += matrix[i * width + d]!;
  return Float32Array.from(sum, (v) => v / rows);
}

/** Standard normal vectors, another for each token: float32 [batch, tokens, width]. */
function directions(seeds: readonly number[], tokens: number, width: number): Tensor {
  const data = new Float32Array(seeds.length * tokens * width);
  seeds.forEach((seed, row) => {
    const { normal } = random(seed);
    for (let i = 0; i < tokens * width; i++) data[row * tokens * width + i] = normal();
  });
  return { type: "float32", shape: [seeds.length, tokens, width], data };
}
