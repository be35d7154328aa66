import type { SensesPrompts } from "../../artifacts/content/prompts/senses.ts";
import { document, documentIds, universalTag } from "../../corpora/brown.ts";
import type { Tokenizer } from "../../engine/checkpoint.ts";
import { addScaled, row } from "../../statistics/dense.ts";
import { mean } from "../../statistics/summary.ts";
import { type AnchorWord, anchorPool, matchedWords, type TwoAnchors, twoAnchors } from "./anchors.ts";
import { type Embeddings, meanEmbeddings } from "./capture.ts";

type Lemma = SensesPrompts["lemmas"][number];

/** For one lemma: its own anchors, those of other lemmas, and frequency-matched random ones (means over draws). */
export interface AnchorScores {
  readonly own: TwoAnchors;
  readonly others: TwoAnchors;
  readonly matched: TwoAnchors;
  /** Share of matched draws whose weaker cosine is at least the lemma's own, the draw itself counted: a permutation p-value. */
  readonly p: number;
}

/**
 * How the input embedding of each ambiguous word lies to the cue words of its two senses. An anchor is the mean input
 * embedding of a sense's cue words; all vectors are centred on the mean embedding of Brown's nouns (centred on the whole
 * vocabulary, any two nouns would have a cosine of about 0.3).
 */
export function staticAnchors(
  lemmas: readonly Lemma[],
  table: Embeddings,
  tokenizer: Tokenizer,
  { draws, seed }: { draws: number; seed: number },
): AnchorScores[] {
  const ids = (word: string) => tokenizer.encode(` ${word}`);
  const counts = nounCounts();
  const origin = row(meanEmbeddings(table, [[...counts.keys()].flatMap(ids)]), 0);
  const known = new Map<string, Float64Array>();
  const vector = (word: string): Float64Array => {
    const found = known.get(word) ?? row(meanEmbeddings(table, [ids(word)]), 0).map((x, j) => x - origin[j]!);
    known.set(word, found);
    return found;
  };
  const anchor = (words: readonly string[]) => {
    const sum = new Float64Array(table.width);
    for (const word of words) addScaled(sum, vector(word), 1 / words.length);
    return sum;
  };
  const entry = (word: string): AnchorWord => ({ word, count: counts.get(word) ?? 0, tokens: ids(word).length });
  const used = new Set(lemmas.flatMap((lemma) => [lemma.form, ...lemma.senses.flatMap(cuesOf)]));
  const pool = anchorPool([...counts.keys()].filter((word) => !used.has(word)).map(entry));
  const cues = lemmas.map(({ senses }) => senses.map((sense) => cuesOf(sense).map(entry)));
  const own = cues.map((senses) => senses.map((words) => anchor(words.map(({ word }) => word))));
  const pair = (anchors: readonly Float64Array[]) => [anchors[0]!, anchors[1]!] as const;

  return lemmas.map(({ form }, l) => {
    const mine = twoAnchors(vector(form), pair(own[l]!));
    const others = own.filter((_, m) => m !== l).map((anchors) => twoAnchors(vector(form), pair(anchors)));
    const matched = Array.from({ length: draws }, (_, d) => {
      const at = seed + 1000 * l + 2 * d;
      return twoAnchors(
        vector(form),
        pair(cues[l]!.map((words, s) => anchor(matchedWords(words, pool, at + s).map(({ word }) => word)))),
      );
    });
    return {
      own: mine,
      others: average(others),
      matched: average(matched),
      p: (1 + matched.filter(({ weaker }) => weaker >= mine.weaker).length) / (1 + draws),
    };
  });
}

const cuesOf = ({ sentences }: Lemma["senses"][number]): string[] => [...new Set(sentences.map(({ cue }) => cue))];

const average = (scores: readonly TwoAnchors[]): TwoAnchors => ({
  weaker: mean(scores.map(({ weaker }) => weaker)),
  explained: mean(scores.map(({ explained }) => explained)),
});

/** Lower-case nouns of the Brown corpus with their number of occurrences. */
function nounCounts(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { id } of documentIds())
    for (const { words } of document(id).sentences)
      for (const { text, tag } of words)
        if (universalTag(tag) === "NOUN" && /^[a-z]{3,}$/.test(text)) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
