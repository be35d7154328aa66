import { sparse, truncatedSvd } from "../../statistics/sparse.ts";
import { commonest, ppmi, readCorpus } from "../cooccurrence/corpus.ts";

export interface VectorOptions {
  /** Words that are given a vector, the commonest. */
  readonly words: number;
  /** Words whose company counts, the commonest. */
  readonly contexts: number;
  /** Words to either side that are company. */
  readonly window: number;
  readonly dimensions: number;
  readonly seed: number;
}

/** A word's vector of length 1, lower case; undefined for a word that has none. */
export type WordVectors = (word: string) => Float32Array | undefined;

/**
 * Word vectors out of Brown's own co-occurrence, which no language model had a part in: positive pointwise mutual
 * information, its leading singular vectors times the root of their singular values (Levy, Goldberg & Dagan 2015, eq. 8).
 * Words of the closed classes stand in nearly every context, and the commonest hundred get none.
 */
export function brownVectors({ words, contexts, window, dimensions, seed }: VectorOptions): WordVectors {
  const corpus = readCorpus();
  const chosen = commonest(corpus, words + FUNCTION_WORDS).slice(FUNCTION_WORDS);
  const table = ppmi(corpus, chosen, commonest(corpus, contexts), window);
  const entries = function* (): Generator<[number, number, number]> {
    for (let i = 0; i < table.length; i++) if (table[i]! > 0) yield [Math.floor(i / contexts), i % contexts, table[i]!];
  };
  const { values, left } = truncatedSvd(sparse(chosen.length, contexts, entries()), dimensions, seed);
  const vectors = new Map<string, Float32Array>();
  chosen.forEach((at, i) => {
    const vector = Float32Array.from(values, (value, k) => left.data[k * chosen.length + i]! * Math.sqrt(value));
    const norm = Math.hypot(...vector);
    if (norm > 0)
      vectors.set(
        corpus.vocabulary[at]!,
        vector.map((x) => x / norm),
      );
  });
  return (word) => vectors.get(word.toLowerCase());
}

const FUNCTION_WORDS = 100;
