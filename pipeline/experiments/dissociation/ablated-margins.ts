import type { Tokenizer } from "../../engine/checkpoint.ts";
import { ablate } from "../../engine/points/ablate.ts";
import { maskOf } from "../../engine/points/mask.ts";
import { matchPoints } from "../../engine/points/match.ts";
import type { BatchResult, LanguageModel } from "../../engine/run/language-model.ts";
import type { Tensor } from "../../engine/runtime.ts";
import { answerMargin } from "../../engine/tails/answer-margin.ts";
import type { Item } from "./items.ts";

/** A sequence of ids with its two candidates for the token that follows. */
export interface Encoded {
  readonly ids: readonly number[];
  readonly candidates: readonly [number, number];
}

export const SUBLAYERS = "blocks.*.{hook_attn_out,hook_mlp_out}";

/** An answer and a foil are compared by the first token of each. */
export function encodeItem({ prompt, answer, foil }: Item, tokenizer: Tokenizer): Encoded {
  const first = (text: string) => tokenizer.encode(text)[0]!;
  return { ids: tokenizer.encode(prompt), candidates: [first(answer), first(foil)] };
}

/** Whether an answer and its foil begin with different tokens. */
export function isTold(item: Item, tokenizer: Tokenizer): boolean {
  const [answer, foil] = encodeItem(item, tokenizer).candidates;
  return answer !== foil;
}

/** Logit of the answer minus logit of the foil after each item, nothing changed. */
export async function margins(
  model: LanguageModel,
  items: readonly Encoded[],
  signal?: AbortSignal,
): Promise<Float64Array> {
  const found = new Float64Array(items.length);
  const request = {
    tails: [tailOf(model)],
    batch: 16,
    feeds: (at: readonly number[], tokens: number) =>
      feed(
        at.map((i) => items[i]!),
        tokens,
      ),
  };
  for await (const batch of model.run(
    items.map(({ ids }) => ids),
    request,
    signal,
  ))
    keep(batch, found);
  return found;
}

/** Mean of what each sublayer writes over all positions after the first: [sublayers × dModel], in order of computation. */
export async function meanWrites(
  model: LanguageModel,
  items: readonly Encoded[],
  signal?: AbortSignal,
): Promise<Float32Array> {
  const points = model.points.filter((point) => /hook_(attn|mlp)_out$/.test(point));
  const width = model.config.dModel;
  const sums = new Float64Array(points.length * width);
  let positions = 0;
  for await (const { lengths, tokens, outputs } of model.run(
    items.map(({ ids }) => ids),
    { points: [SUBLAYERS] },
    signal,
  )) {
    for (const [r, length] of lengths.entries()) {
      positions += length - 1;
      for (const [p, point] of points.entries()) {
        const data = outputs[point]!.data as Float32Array;
        for (let t = 1; t < length; t++) {
          const from = (r * tokens + t) * width;
          for (let j = 0; j < width; j++) sums[p * width + j]! += data[from + j]!;
        }
      }
    }
  }
  return Float32Array.from(sums, (sum) => sum / positions);
}

/**
 * The margin of each item with each sublayer's write replaced by its mean from position 1 on: [items × sublayers].
 * Position 0 keeps its writes, so that the attention sink stands.
 */
export async function ablatedMargins(
  model: LanguageModel,
  items: readonly Encoded[],
  means: Float32Array,
  progress: (share: number) => void,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const width = model.config.dModel;
  const sublayers = means.length / width;
  const found = new Float64Array(items.length * sublayers);
  const rows = items.flatMap(({ ids }) => Array.from({ length: sublayers }, () => ids));
  const meanFeeds = Object.fromEntries(
    matchPoints(SUBLAYERS, model.points).map((point, s): [string, Tensor] => [
      `ablate.mean.${point}`,
      { type: "float32", shape: [width], data: means.subarray(s * width, (s + 1) * width) },
    ]),
  );
  let done = 0;
  const request = {
    tails: [tailOf(model)],
    interventions: [ablate({ at: SUBLAYERS, replacement: "mean", where: ["row", "point", "position"] })],
    batch: 30,
    feeds: (at: readonly number[], tokens: number) => ({
      ...feed(
        at.map((i) => items[Math.floor(i / sublayers)]!),
        tokens,
      ),
      ...meanFeeds,
      "ablate.where": maskOf([at.length, sublayers, tokens], (r, s, t) => t > 0 && s === at[r]! % sublayers),
    }),
  };
  for await (const batch of model.run(rows, request, signal)) {
    keep(batch, found);
    done += batch.indices.length;
    progress(done / rows.length);
  }
  return found;
}

const tailOf = (model: LanguageModel) => answerMargin(`blocks.${model.config.nLayers - 1}.hook_resid_post`);

function keep({ indices, outputs }: BatchResult, into: Float64Array): void {
  const margin = outputs["answer_margin.margin"]!.data as Float32Array;
  for (const [r, index] of indices.entries()) into[index] = margin[r]!;
}

function feed(items: readonly Encoded[], tokens: number): Record<string, Tensor> {
  const at = new Float32Array(items.length * tokens);
  for (const [r, { ids }] of items.entries()) at[r * tokens + ids.length - 1] = 1;
  const candidates = BigInt64Array.from(items.flatMap(({ candidates: pair }) => pair.map(BigInt)));
  return {
    at: { type: "float32", shape: [items.length, tokens], data: at },
    candidates: { type: "int64", shape: [items.length, 2], data: candidates },
  };
}
