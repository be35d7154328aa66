import type { LanguageModel } from "../../engine/run/language-model.ts";
import type { Tensor } from "../../engine/runtime.ts";
import { sampledUnits } from "../../engine/tails/sampled-units.ts";
import { random } from "../../statistics/random.ts";
import { middlePoint, rowNorms } from "../support/sinks.ts";
import { lookAt, standardizedDirections, stratifiedByRate } from "../tiers/unit-sample.ts";

/** Which units and which random directions of each block are followed. */
export interface UnitSample {
  /** [blocks][units] number of each unit in its block. */
  readonly units: readonly Int32Array[];
  /** [blocks][units] share of tokens at which it is beyond a quarter of its own 99.5 % quantile. */
  readonly rates: readonly Float64Array[];
  readonly directions: Tensor;
}

/** Chooses units stratified by firing rate, and random directions of standardised activations, from a first look. */
export async function sampleUnits(
  model: LanguageModel,
  sequences: readonly (readonly number[])[],
  units: number,
  directions: number,
  seed: number,
  signal: AbortSignal,
): Promise<UnitSample> {
  const { nLayers, dMlp } = model.config;
  const posts = pointsOf(nLayers, "hook_post");
  const positions = sequences.reduce((sum, ids) => sum + ids.length - 1, 0);
  const values = posts.map(() => new Float32Array(positions * dMlp));
  let at = 0;
  for await (const { lengths, tokens, outputs } of model.run(sequences, { points: posts }, signal))
    for (const [r, length] of lengths.entries()) {
      for (const [i, post] of posts.entries()) {
        const data = outputs[post]!.data as Float32Array;
        values[i]!.set(data.subarray((r * tokens + 1) * dMlp, (r * tokens + length) * dMlp), at * dMlp);
      }
      at += length - 1;
    }
  const generator = random(seed);
  const looks = values.map((of) => lookAt(of, dMlp));
  const chosen = looks.map((look) => stratifiedByRate(look, units, generator));
  const data = new Float32Array(nLayers * dMlp * directions);
  looks.forEach((look, i) => {
    data.set(standardizedDirections(look, directions, generator), i * dMlp * directions);
  });
  return {
    units: chosen,
    rates: chosen.map((of, i) => Float64Array.from(of, (u) => looks[i]!.rates[u]!)),
    directions: { type: "float32", shape: [nLayers, dMlp, directions], data },
  };
}

/** Values of what is followed, each in an array [positions]: the positions after the first of every sequence, in order. */
export interface CollectedUnits {
  /** [blocks][units] */
  readonly units: readonly (readonly Float32Array[])[];
  /** [blocks][directions] */
  readonly directions: readonly (readonly Float32Array[])[];
  /** [blocks][units] the gate's and the linear reading of the input, where they were asked for. */
  readonly gates: readonly (readonly Float32Array[])[];
  readonly readings: readonly (readonly Float32Array[])[];
  /** Length of the residual stream halfway through. */
  readonly norms: Float64Array;
}

/**
 * Runs the sequences, all of one length, and keeps what is followed.
 * @param inputs whether the units' readings of their input are wanted beside their activations
 */
export async function collectUnits(
  model: LanguageModel,
  sequences: readonly (readonly number[])[],
  sample: UnitSample,
  inputs: boolean,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<CollectedUnits> {
  const { nLayers, dModel } = model.config;
  const length = sequences[0]!.length - 1;
  const positions = sequences.length * length;
  const units = sample.units[0]!.length;
  const directions = sample.directions.shape[2]!;
  const empty = (count: number) =>
    Array.from({ length: nLayers }, () => Array.from({ length: count }, () => new Float32Array(positions)));
  const middle = middlePoint(nLayers);
  const at: Tensor = {
    type: "int64",
    shape: [nLayers, units],
    data: BigInt64Array.from(
      sample.units.flatMap((of) => [...of]),
      BigInt,
    ),
  };
  // A unit without a gate has one reading of its input.
  const read = [
    { name: "gate", point: "hook_pre" },
    { name: "linear", point: "hook_pre_linear" },
  ].filter(({ point }) => inputs && model.points.includes(`blocks.0.mlp.${point}`));
  const followed = [
    { output: "post.taken", into: empty(units) },
    { output: "post.read", into: empty(directions) },
    ...read.map(({ name }) => ({ output: `${name}.taken`, into: empty(units) })),
  ];
  const tails = [
    sampledUnits("post", { points: pointsOf(nLayers, "hook_post"), coordinates: units, directions }),
    ...read.map(({ name, point }) => sampledUnits(name, { points: pointsOf(nLayers, point), coordinates: units })),
  ];
  const feeds = {
    post_at: at,
    post_directions: sample.directions,
    ...Object.fromEntries(read.map(({ name }) => [`${name}_at`, at])),
  };
  const norms = new Float64Array(positions);
  let done = 0;
  const request = { points: [middle], tails, feeds: () => feeds, batch: 4 };
  for await (const { indices, lengths, tokens, outputs } of model.run(sequences, request, signal)) {
    for (const [r, sequence] of indices.entries()) {
      const start = sequence * length;
      for (const { output, into } of followed) {
        const data = outputs[output]!.data as Float32Array;
        const width = nLayers * into[0]!.length;
        for (let t = 1; t < lengths[r]!; t++) {
          let from = (r * tokens + t) * width;
          for (const block of into) for (const unit of block) unit[start + t - 1] = data[from++]!;
        }
      }
      norms.set(rowNorms(outputs[middle]!.data as Float32Array, r, lengths[r]!, tokens, dModel).subarray(1), start);
      done++;
    }
    progress(done / sequences.length);
  }
  const [post, onto, gates = [], readings = []] = followed.map(({ into }) => into);
  return { units: post!, directions: onto!, gates, readings, norms };
}

const pointsOf = (blocks: number, point: string) =>
  Array.from({ length: blocks }, (_, i) => `blocks.${i}.mlp.${point}`);
