import type { TriplesPrompts } from "../../artifacts/content/prompts/triples.ts";
import { document, documentIds } from "../../corpora/brown.ts";
import type { Tokenizer } from "../../engine/checkpoint.ts";
import type { LanguageModel } from "../../engine/run/language-model.ts";
import { residualDepths } from "../../engine/tails/logit-lens.ts";

/** Words before the one that is read: at least so many, and no more. */
const LEFT = { least: 5, most: 10 };

/**
 * `each` uses of every word, each from another Brown document of odd number (the triples were chosen by those of even
 * number), cut after the word: [word][use] ids. Throws on a word with fewer.
 */
export function usesOf(words: readonly string[], tokenizer: Tokenizer, each: number): number[][][] {
  const index = new Map(words.map((word, i) => [word, i]));
  const found = words.map((): number[][] => []);
  documentIds().forEach(({ id }, number) => {
    if (number % 2 === 0) return;
    const here = new Set<number>();
    for (const { text, words: of } of document(id).sentences)
      for (let i = LEFT.least; i < of.length; i++) {
        const word = index.get(of[i]!.text);
        if (word === undefined || here.has(word) || found[word]!.length >= each) continue;
        here.add(word);
        found[word]!.push(tokenizer.encode(text.slice(of[Math.max(0, i - LEFT.most)]!.start, of[i]!.end)));
      }
  });
  const short = found.findIndex((uses) => uses.length < each);
  if (short >= 0)
    throw new Error(
      `Brown has ${found[short]!.length} uses of "${words[short]}" in odd documents; ${each} are needed.`,
    );
  return found;
}

/** The words of triples, three after three: the word, the near one, the far one. */
export const wordsOf = ({ triples }: Pick<TriplesPrompts, "triples">): string[] =>
  triples.flatMap(({ word, near, far }) => [word, near, far]);

/** The stream at the end of each use: [depth][word][use] vectors. */
export async function statesOf(
  model: LanguageModel,
  uses: readonly (readonly (readonly number[])[])[],
  depths: readonly number[],
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<Float32Array[][][]> {
  const width = model.config.dModel;
  const streams = residualDepths(model.config.nLayers);
  const points = depths.map((depth) => streams[depth]!);
  const each = uses[0]!.length;
  const states = depths.map(() => uses.map((): Float32Array[] => []));
  let done = 0;
  const sequences = uses.flat();
  for await (const { indices, lengths, tokens, outputs } of model.run(sequences, { points, batch: 8 }, signal)) {
    for (const [r, sequence] of indices.entries()) {
      const at = (r * tokens + lengths[r]! - 1) * width;
      points.forEach((point, d) => {
        const data = outputs[point]!.data as Float32Array;
        states[d]![Math.floor(sequence / each)]![sequence % each] = data.slice(at, at + width);
      });
      done++;
    }
    progress(done / sequences.length);
  }
  return states;
}
