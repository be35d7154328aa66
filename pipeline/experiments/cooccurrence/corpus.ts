import { document, documentIds } from "../../corpora/brown.ts";
import { lemmas, senses } from "../../corpora/wordnet.ts";
import type { Tokenizer } from "../../engine/checkpoint.ts";
import type { Random } from "../../statistics/random.ts";

/** Brown as lists of lower-case words, sentence by sentence; other things than letters are left out. */
export interface Corpus {
  readonly vocabulary: readonly string[];
  readonly counts: Int32Array;
  /** Share of a word's occurrences that are tagged as common nouns (names have tags of their own). */
  readonly nounShare: Float64Array;
  readonly sentences: readonly Sentence[];
}

export interface Sentence {
  readonly document: number;
  /** Words by their place in the vocabulary. */
  readonly words: Int32Array;
}

export function readCorpus(): Corpus {
  const ids = new Map<string, number>();
  const counts: number[] = [];
  const nouns: number[] = [];
  const sentences: Sentence[] = [];
  documentIds().forEach(({ id }, index) => {
    for (const { words } of document(id).sentences) {
      const found: number[] = [];
      for (const { text, tag } of words) {
        const word = text.toLowerCase();
        if (!/^[a-z]+$/.test(word)) continue;
        let at = ids.get(word);
        if (at === undefined) {
          at = ids.size;
          ids.set(word, at);
          counts.push(0);
          nouns.push(0);
        }
        counts[at]!++;
        if (/^nn/.test(tag)) nouns[at]!++;
        found.push(at);
      }
      if (found.length > 1) sentences.push({ document: index, words: Int32Array.from(found) });
    }
  });
  return {
    vocabulary: [...ids.keys()],
    counts: Int32Array.from(counts),
    nounShare: Float64Array.from(nouns, (n, i) => n / counts[i]!),
    sentences,
  };
}

/** The same sentences' lengths with all words of the corpus dealt out anew: unigrams stay, company goes. */
export function shuffledCorpus(corpus: Corpus, { shuffle }: Random): Corpus {
  const all = corpus.sentences.flatMap(({ words }) => [...words]);
  const dealt = Int32Array.from(shuffle(all));
  let at = 0;
  const sentences = corpus.sentences.map(({ document: index, words }) => {
    const from = at;
    at += words.length;
    return { document: index, words: dealt.subarray(from, at) };
  });
  return { ...corpus, sentences };
}

/** A noun that is one token after a space, with its first sense in WordNet. */
export interface Noun {
  readonly word: string;
  /** Place in the corpus's vocabulary. */
  readonly at: number;
  readonly token: number;
  readonly synset: number;
  readonly count: number;
}

/**
 * The commonest `count` nouns: tagged as a common noun seven times in ten, itself a lemma of WordNet, no plural, one
 * token with the space before it, and of each synset only the commonest word.
 */
export function chooseNouns({ vocabulary, counts, nounShare }: Corpus, tokenizer: Tokenizer, count: number): Noun[] {
  const known = new Set(lemmas());
  const order = [...vocabulary.keys()].sort((a, b) => counts[b]! - counts[a]! || a - b);
  const nouns: Noun[] = [];
  const synsets = new Set<number>();
  for (const at of order) {
    if (nouns.length === count) break;
    const word = vocabulary[at]!;
    if (word.length < 3 || nounShare[at]! < 0.7 || !known.has(word) || isPlural(word, known)) continue;
    const ids = tokenizer.encode(` ${word}`);
    const synset = senses(word)[0]?.offset;
    if (ids.length !== 1 || synset === undefined || synsets.has(synset)) continue;
    synsets.add(synset);
    nouns.push({ word, at, token: ids[0]!, synset, count: counts[at]! });
  }
  if (nouns.length < count)
    throw new Error(`Brown has ${nouns.length} such nouns for this tokenizer; ${count} are asked for.`);
  return nouns;
}

/** WordNet lists many plurals in a sense of their own ("times", "men"); they would stand beside their singular. */
function isPlural(word: string, known: ReadonlySet<string>): boolean {
  const forms = [
    word.replace(/s$/, ""),
    word.replace(/es$/, ""),
    word.replace(/ies$/, "y"),
    word.replace(/men$/, "man"),
  ];
  return word === "children" || forms.some((form) => form !== word && form.length > 2 && known.has(form));
}

/** The commonest words of the corpus, the contexts that are counted. */
export const commonest = ({ counts }: Corpus, count: number): Int32Array =>
  Int32Array.from([...counts.keys()].sort((a, b) => counts[b]! - counts[a]! || a - b).slice(0, count));

/**
 * Positive pointwise mutual information of each target with each context word, within `window` words of a sentence:
 * max(0, log n(w, c) N / (n(w) n(c))), [targets × contexts] by rows.
 * @param only documents that count; all by default
 */
export function ppmi(
  corpus: Corpus,
  targets: ArrayLike<number>,
  contexts: Int32Array,
  window: number,
  only: (document: number) => boolean = () => true,
): Float64Array {
  const rowOf = new Int32Array(corpus.vocabulary.length).fill(-1);
  const columnOf = new Int32Array(corpus.vocabulary.length).fill(-1);
  for (let i = 0; i < targets.length; i++) rowOf[targets[i]!] = i;
  contexts.forEach((word, j) => {
    columnOf[word] = j;
  });
  const width = contexts.length;
  const found = new Float64Array(targets.length * width);
  // Marginals of a context come from every word's company, not the targets' alone.
  const rows = new Float64Array(targets.length);
  const columns = new Float64Array(width);
  let total = 0;
  for (const { document: index, words } of corpus.sentences) {
    if (!only(index)) continue;
    for (let i = 0; i < words.length; i++) {
      const row = rowOf[words[i]!]!;
      const end = Math.min(words.length - 1, i + window);
      for (let j = Math.max(0, i - window); j <= end; j++) {
        if (j === i) continue;
        const column = columnOf[words[j]!]!;
        if (column < 0) continue;
        total++;
        columns[column]!++;
        if (row < 0) continue;
        rows[row]!++;
        found[row * width + column]!++;
      }
    }
  }
  for (let i = 0; i < targets.length; i++)
    for (let j = 0; j < width; j++) {
      const n = found[i * width + j]!;
      if (n > 0) found[i * width + j] = Math.max(0, Math.log((n * total) / (rows[i]! * columns[j]!)));
    }
  return found;
}
