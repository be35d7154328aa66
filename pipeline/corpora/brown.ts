import { random } from "../statistics/random.ts";
import type { Word } from "./detokenize.ts";
import { type Document, document, documentIds, type Sentence } from "./document.ts";

/** Consecutive whole sentences of one document. */
export interface Passage {
  /** Document it comes from: the independent unit, as there is one passage a document. */
  readonly document: string;
  readonly category: string;
  /** Sentences joined by a space, paragraphs by an empty line. */
  readonly text: string;
  /** Words and marks with their spans in `text`. */
  readonly words: readonly Word[];
}

export interface PassageOptions {
  /** How many passages, each of another document: at most 500. */
  count: number;
  /** Whole sentences until at least this many words (marks not counted). */
  words: number;
  seed: number;
}

/**
 * Passages of running text for a model to read: from distinct documents, their number in each category proportional to
 * the category's size (largest remainder), with no headline, formula or gap inside. In the corpus's order of documents.
 * @throws Error where the corpus has fewer documents with so long a stretch than are asked for.
 */
export function passages({ count, words, seed }: PassageOptions): Passage[] {
  const generator = random(seed);
  const byCategory = new Map<string, string[]>();
  const ids = documentIds();
  for (const { id, category } of ids) byCategory.set(category, [...(byCategory.get(category) ?? []), id]);
  const wanted = apportion(
    [...byCategory.values()].map((members) => members.length),
    count,
  );
  const found: Passage[] = [];
  [...byCategory].forEach(([category, members], c) => {
    const taken: Passage[] = [];
    for (const id of generator.shuffle(members)) {
      if (taken.length === wanted[c]) break;
      const starts = startsOf(document(id), words);
      if (starts.length > 0) taken.push(starts[generator.int(starts.length)]!());
    }
    if (taken.length < wanted[c]!) {
      throw new Error(
        `Brown's category "${category}" has only ${taken.length} documents with ${words} words in a row, ${wanted[c]} are needed for ${count} passages: ask for fewer or shorter ones.`,
      );
    }
    found.push(...taken);
  });
  const order = new Map(ids.map(({ id }, i) => [id, i]));
  return found.sort((a, b) => order.get(a.document)! - order.get(b.document)!);
}

/** Shares `count` over groups in proportion to their sizes: whole numbers, largest remainders first. */
function apportion(sizes: readonly number[], count: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (!Number.isInteger(count) || count < 1 || count > total) {
    throw new Error(`Brown has ${total} documents and a passage comes from each at most once; asked for ${count}.`);
  }
  const exact = sizes.map((size) => (size * count) / total);
  const whole = exact.map(Math.floor);
  const rest = exact.map((share, i) => ({ i, rest: share - whole[i]! })).sort((a, b) => b.rest - a.rest || a.i - b.i);
  const missing = count - whole.reduce((sum, n) => sum + n, 0);
  for (const { i } of rest.slice(0, missing)) whole[i]!++;
  return whole;
}

/** Every sentence that a passage of so many words can start at; where paragraphs' openings are among them, only those. */
function startsOf(source: Document, words: number): (() => Passage)[] {
  const { sentences } = source;
  const starts: { opens: boolean; build: () => Passage }[] = [];
  for (let start = 0; start < sentences.length; start++) {
    let counted = 0;
    for (let end = start; end < sentences.length; end++) {
      const sentence = sentences[end]!;
      if (sentence.headline || (end > start && sentence.afterGap)) break;
      counted += countWords(sentence);
      if (counted < words) continue;
      starts.push({
        opens: sentences[start]!.opensParagraph,
        build: () => join(source, sentences.slice(start, end + 1)),
      });
      break;
    }
  }
  const opening = starts.filter(({ opens }) => opens);
  return (opening.length > 0 ? opening : starts).map(({ build }) => build);
}

function countWords({ words }: Sentence): number {
  return words.filter(({ text }) => /[\p{L}\p{N}]/u.test(text)).length;
}

function join(source: Document, sentences: readonly Sentence[]): Passage {
  let text = "";
  const words: Word[] = [];
  sentences.forEach((sentence, i) => {
    if (i > 0) text += sentence.opensParagraph ? "\n\n" : " ";
    const shift = text.length;
    for (const word of sentence.words) words.push({ ...word, start: word.start + shift, end: word.end + shift });
    text += sentence.text;
  });
  return { document: source.id, category: source.category, text, words };
}

export { type Document, document, documentIds, type Sentence, version } from "./document.ts";
export { universalTag } from "./universal-tag.ts";
