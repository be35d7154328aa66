import { maskOf } from "../../engine/points/mask.ts";
import { patch } from "../../engine/points/patch.ts";
import type { LanguageModel } from "../../engine/run/language-model.ts";
import type { Tensor } from "../../engine/runtime.ts";
import { answerMargin } from "../../engine/tails/answer-margin.ts";
import { residualDepths } from "../../engine/tails/logit-lens.ts";
import { surprisal } from "../../engine/tails/surprisal.ts";
import type { GardenSentence } from "./garden-sentences.ts";

/** A sentence with two words that may follow: the one that its turn leads to, and the other. */
export interface Asked extends GardenSentence {
  readonly word: number;
  readonly foil: number;
}

/** What the model makes of the word to come. */
export interface Answer {
  /** nats */
  readonly logProbability: number;
  /** Logit of the word less that of the foil. */
  readonly margin: number;
}

/** The model as it is, with the streams at the noun, by depth. */
export async function cleanAnswers(
  model: LanguageModel,
  sentences: readonly Asked[],
  depths: readonly number[],
  signal: AbortSignal,
): Promise<{ readonly answers: Answer[]; readonly streams: Float64Array[][] }> {
  const names = residualDepths(model.config.nLayers);
  const points = depths.map((depth) => names[depth]!);
  const width = model.config.dModel;
  const answers: Answer[] = [];
  const streams: Float64Array[][] = [];
  const request = { points, tails: tailsOf(model), batch: 8, feeds: feedsOf(sentences) };
  const sequences = sentences.map(({ ids }) => ids);
  for await (const { indices, tokens, outputs } of model.run(sequences, request, signal))
    for (const [r, index] of indices.entries()) {
      answers[index] = answerOf(outputs, r, tokens, sentences[index]!);
      const from = (r * tokens + sentences[index]!.target) * width;
      streams[index] = points.map((point) =>
        Float64Array.from((outputs[point]!.data as Float32Array).subarray(from, from + width)),
      );
    }
  return { answers, streams };
}

/** A sentence whose noun has other streams at some depths. */
export interface Edited {
  readonly sentence: Asked;
  /** By depth, in the order of the call's depths. */
  readonly streams: readonly Float64Array[];
}

/** The model with the streams at the noun replaced at all these depths; what comes between can't write them anew. */
export async function editedAnswers(
  model: LanguageModel,
  edited: readonly Edited[],
  depths: readonly number[],
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Answer[]> {
  const width = model.config.dModel;
  const names = residualDepths(model.config.nLayers);
  const points = depths.map((depth) => names[depth]!);
  const sentences = edited.map(({ sentence }) => sentence);
  const asked = feedsOf(sentences);
  const answers: Answer[] = [];
  const request = {
    tails: tailsOf(model),
    interventions: [patch({ at: globOf(points), from: "feed", where: ["row", "position"] })],
    batch: 8,
    feeds: (indices: readonly number[], tokens: number): Record<string, Tensor> => ({
      ...asked(indices, tokens),
      ...Object.fromEntries(
        points.map((point, d): [string, Tensor] => {
          const data = new Float32Array(indices.length * tokens * width);
          for (const [r, index] of indices.entries())
            data.set(edited[index]!.streams[d]!, (r * tokens + sentences[index]!.target) * width);
          return [`patch.value.${point}`, { type: "float32", shape: [indices.length, tokens, width], data }];
        }),
      ),
      "patch.where": maskOf([indices.length, tokens], (r, t) => t === sentences[indices[r]!]!.target),
    }),
  };
  let done = 0;
  const sequences = sentences.map(({ ids }) => ids);
  for await (const { indices, tokens, outputs } of model.run(sequences, request, signal)) {
    for (const [r, index] of indices.entries()) answers[index] = answerOf(outputs, r, tokens, sentences[index]!);
    done += indices.length;
    progress(done / edited.length);
  }
  return answers;
}

/** Braces stand for alternatives only where there are several. */
const globOf = (points: readonly string[]): string => (points.length === 1 ? points[0]! : `{${points.join(",")}}`);

const tailsOf = (model: LanguageModel) => [
  surprisal,
  answerMargin(`blocks.${model.config.nLayers - 1}.hook_resid_post`),
];

/** The word to come is asked for at every token and read at the last. */
const feedsOf =
  (sentences: readonly Asked[]) =>
  (indices: readonly number[], tokens: number): Record<string, Tensor> => {
    const of = indices.map((i) => sentences[i]!);
    const at = new Float32Array(of.length * tokens);
    for (const [r, { ids }] of of.entries()) at[r * tokens + ids.length - 1] = 1;
    return {
      at: { type: "float32", shape: [of.length, tokens], data: at },
      candidates: {
        type: "int64",
        shape: [of.length, 2],
        data: BigInt64Array.from(of.flatMap(({ word, foil }) => [BigInt(word), BigInt(foil)])),
      },
      target: {
        type: "int64",
        shape: [of.length, tokens],
        data: BigInt64Array.from(of.flatMap(({ word }) => Array.from({ length: tokens }, () => BigInt(word)))),
      },
    };
  };

const answerOf = (
  outputs: Readonly<Record<string, Tensor>>,
  row: number,
  tokens: number,
  { ids }: GardenSentence,
): Answer => ({
  logProbability: -(outputs["surprisal.next"]!.data as Float32Array)[row * tokens + ids.length - 1]!,
  margin: (outputs["answer_margin.margin"]!.data as Float32Array)[row]!,
});
