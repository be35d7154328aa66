import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readContent } from "../../pipeline/artifacts/content-files.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const sets = readContent(root, ["prompts"]).prompts.map(({ data }) => data);
const [paths] = sets.flatMap((set) => (set.kind === "garden-paths" ? [set] : []));
const lemmas = sets.flatMap((set) => (set.kind === "senses" ? set.lemmas : []));
const { items } = paths!;
const words = (text: string): string[] => text.toLowerCase().match(/[a-z']+/g) ?? [];
/** Sentences of either kind as crossing makes them. */
const sentences = items.flatMap((item) =>
  [0, 1].flatMap((cue) =>
    [0, 1].map((turn) => ({
      item,
      garden: cue !== turn,
      cue: item.cues[cue]!,
      turn: item.turns[turn]!,
      word: item.words[turn]!,
      text: item.opening.replace("{}", item.cues[cue]!) + item.turns[turn],
    })),
  ),
);

describe("garden paths", () => {
  it("are sixty or more pairs over twelve or more nouns, each noun as often", () => {
    const byNoun = Map.groupBy(items, ({ lemma }) => lemma);
    expect(2 * items.length).toBeGreaterThanOrEqual(60);
    expect(byNoun.size).toBeGreaterThanOrEqual(12);
    expect(new Set([...byNoun.values()].map((of) => of.length)).size).toBe(1);
    expect(new Set(sentences.map(({ text }) => text)).size).toBe(sentences.length);
    expect(new Set(items.map(({ opening }) => opening)).size).toBe(items.length);
  });

  it("are of nouns of the set of senses, with its senses in its order", () => {
    for (const { id, lemma, senses } of items) {
      const known = lemmas.find((one) => one.lemma === lemma);
      expect(
        known?.senses.map((sense) => sense.id),
        id,
      ).toEqual(senses);
    }
  });

  it.each([
    ["cue", ({ item, cue }) => `${item.id} ${cue}`],
    ["turn", ({ item, turn }) => `${item.id} ${turn}`],
    ["word to come", ({ item, word }) => `${item.id} ${word}`],
    ["length in words", ({ text }) => words(text).length],
    ["place of the noun", ({ item }) => words(item.opening).length],
  ] as const satisfies readonly (readonly [string, (one: (typeof sentences)[number]) => string | number])[])(
    "don't differ from controls by the %s",
    (_, of) => {
      const bag = (garden: boolean) =>
        sentences
          .filter((one) => one.garden === garden)
          .map((one) => String(of(one)))
          .sort();
      expect(bag(true)).toEqual(bag(false));
    },
  );

  it("have the noun once, at the end of the opening, after the cue, and turns of equally many words", () => {
    for (const { id, lemma, opening, cues, turns } of items) {
      expect(opening.endsWith(` ${lemma}`), id).toBe(true);
      expect(
        words(opening.replace("{}", "")).filter((word) => word === lemma),
        id,
      ).toHaveLength(1);
      expect(turns.flatMap(words), id).not.toContain(lemma);
      expect(words(turns[0]).length, id).toBe(words(turns[1]).length);
      for (const turn of turns) expect(turn, id).toMatch(/^, /);
      // A cue in the turn would be the noun's cue once more.
      for (const cue of cues) expect(turns.flatMap(words), id).not.toContain(cue);
    }
  });

  it("have their words to come nowhere in the text, unlike each other and no cue", () => {
    for (const { id, opening, cues, turns, words: toCome } of items) {
      expect(toCome[0], id).not.toBe(toCome[1]);
      for (const word of toCome) {
        expect(word, id).toMatch(/^ [a-z]+$/);
        expect([opening, ...turns, ...cues].flatMap(words), id).not.toContain(word.trim());
      }
    }
  });
});
