import type { LanguageModel } from "../../engine/run/language-model.ts";
import type { Tensor } from "../../engine/runtime.ts";
import { headWords } from "../../engine/tails/head-words.ts";
import { random } from "../../statistics/random.ts";
import type { Case } from "./cases.ts";
import { atTheEnd } from "./patch-heads.ts";

/** Words of the vocabulary that a write's logits are compared with. */
const SAMPLE = 4096;

/**
 * What each head's write at the last position says of the right topic's words, mean, less what it says of the wrong one's,
 * in standard deviations over the vocabulary: [cases × heads].
 */
export async function writtenWords(
  model: LanguageModel,
  cases: readonly Case[],
  seed: number,
  signal: AbortSignal,
): Promise<Float64Array> {
  const { nLayers, nHeads, vocabSize } = model.config;
  const heads = nLayers * nHeads;
  const found = new Float64Array(cases.length * heads);
  const ids = random(seed).sample(vocabSize, Math.min(SAMPLE, vocabSize));
  const sample: Tensor = { type: "int64", shape: [ids.length], data: BigInt64Array.from(ids, BigInt) };
  const run = model.run(
    cases.map(({ clean }) => clean),
    {
      tails: [headWords()],
      batch: 8,
      feeds(indices, tokens) {
        const inBatch = indices.map((index) => cases[index]!);
        return { at: atTheEnd(inBatch, tokens).at, ...wordFeeds(inBatch), sample };
      },
    },
    signal,
  );
  for await (const { indices, outputs } of run) {
    const contrast = outputs["head_words.contrast"]!.data as Float32Array;
    indices.forEach((index, row) => {
      for (let h = 0; h < heads; h++) found[index * heads + h] = contrast[row * heads + h]!;
    });
  }
  return found;
}

/** Feeds `words` and `weights`: so many words for, so many against, each side with weight 1 in all; short rows end in words of weight 0. */
export function wordFeeds(cases: readonly Pick<Case, "own" | "foreign">[]): Record<"words" | "weights", Tensor> {
  const most = Math.max(...cases.map(({ own, foreign }) => own.length + foreign.length));
  const words = new BigInt64Array(cases.length * most);
  const weights = new Float32Array(cases.length * most);
  cases.forEach(({ own, foreign }, row) => {
    [...own, ...foreign].forEach((id, i) => {
      words[row * most + i] = BigInt(id);
      weights[row * most + i] = i < own.length ? 1 / own.length : -1 / foreign.length;
    });
  });
  const shape = [cases.length, most];
  return { words: { type: "int64", shape, data: words }, weights: { type: "float32", shape, data: weights } };
}
