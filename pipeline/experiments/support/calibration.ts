import type { Table } from "../../artifacts/schema.ts";
import type { LanguageModel } from "../../engine/run/language-model.ts";
import { residualDepths } from "../../engine/tails/logit-lens.ts";
import { type MassiveDimension, massiveDimensions } from "../../statistics/massive-dimensions.ts";
import { quantile } from "../../statistics/summary.ts";
import { column } from "./column.ts";

/** What sets loud tokens and massive dimensions apart in one model, found on a sample of text. */
export interface Calibration {
  /** Median ‖h‖ at each depth over the tokens of the sample, first positions left out. */
  readonly medianNorm: readonly number[];
  readonly massive: readonly MassiveDimension[];
}

/** Sequences of the sample, spread evenly over those given. */
const SAMPLE = 40;
/** A token is put aside as a sink where ‖h‖ exceeds this many medians at some depth after the embedding. */
const SINK_MEDIANS = 4;

/** Finds the medians by which sinks are told, and the massive dimensions, from the residual streams of some of `sequences`. */
export async function calibrate(
  model: LanguageModel,
  sequences: readonly (readonly number[])[],
  signal?: AbortSignal,
): Promise<Calibration> {
  const points = residualDepths(model.config.nLayers);
  const width = model.config.dModel;
  const states: Float32Array[][] = points.map(() => []);
  const every = Math.ceil(sequences.length / SAMPLE);
  const sample = sequences.filter((_, i) => i % every === 0);
  for await (const { indices, lengths, tokens, outputs } of model.run(sample, { points }, signal)) {
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
  return fromStates(states);
}

/** @param states [depth][token] vectors, first positions left out. */
export function fromStates(states: readonly (readonly Float32Array[])[]): Calibration {
  const norms = states.map((tokens) => tokens.map((h) => Math.sqrt(h.reduce((sum, v) => sum + v * v, 0))));
  const medianNorm = norms.map((values) => quantile(values, 0.5));
  const sink = norms[0]!.map((_, i) => isSink((depth) => norms[depth]![i]!, medianNorm));
  const energy = states.map((tokens) => {
    const sums = new Float64Array(tokens[0]!.length);
    tokens.forEach((h, i) => {
      if (!sink[i]) for (let d = 0; d < sums.length; d++) sums[d]! += h[d]! ** 2;
    });
    return sums;
  });
  return { medianNorm, massive: massiveDimensions(energy) };
}

/** Whether a token's norm is, at some depth after the embedding, more than four times that depth's median. */
export function isSink(normAt: (depth: number) => number, medianNorm: readonly number[]): boolean {
  for (let depth = 1; depth < medianNorm.length; depth++)
    if (normAt(depth) > SINK_MEDIANS * medianNorm[depth]!) return true;
  return false;
}

/** Indices alone. */
export const dimensionsOf = ({ massive }: Calibration): number[] => massive.map(({ dimension }) => dimension);

/** The massive dimensions of the model and of any models with random weights that have their own. */
export function massiveTable(model: Calibration, random: readonly Calibration[] = []): Table {
  return {
    title: "Massive dimensions",
    columns: [
      column("model", "string", "", "the model, or one with random weights"),
      column("dimension", "integer", "", "coordinate of the stream"),
      column("share", "number", "", "its greatest share of the squared norm"),
      column("depth", "integer", "", "where"),
    ],
    rows: [model, ...random].flatMap(({ massive }, i) =>
      massive.map((m) => [i === 0 ? "model" : `random weights ${i}`, m.dimension, m.share, m.depth]),
    ),
  };
}
