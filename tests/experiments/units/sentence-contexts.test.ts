import { expect, it } from "vitest";
import type { ReadPassage } from "../../../pipeline/experiments/units/passage-positions.ts";
import { segmentsOf, sentenceClusters } from "../../../pipeline/experiments/units/sentence-contexts.ts";

const MONEY =
  "the bank raised its interest rates and shares fell on one stock market as investors sold their bonds".split(" ");
const WATER = "rain filled the river and the fish swam past the old mill towards a quiet lake below hills".split(" ");
const vocabulary = [...MONEY, ...WATER];
const tokenizer = { token: (id: number) => `${vocabulary[id]} ` };

/** A passage of 18 words, of which the positions after the first have a place each. */
function passage(words: readonly string[], document: string): ReadPassage {
  const ids = words.map((word) => vocabulary.indexOf(word));
  const place = {
    token: 0,
    previous: 0,
    next: 0,
    word: "",
    before: [],
    tag: "",
    supersense: undefined,
    category: "",
    shape: "",
  };
  return { document, ids, places: ids.slice(1).map(() => place) };
}

it("tells a segment by its own eight tokens and the eight before, the last one by what is left", () => {
  const texts = segmentsOf(passage(MONEY, "money"), (id) => `${id} `);
  expect(texts).toEqual([
    "0 1 2 3 4 5 6 7 8",
    "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
    "2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17",
  ]);
});

it("puts segments about money and about water into clusters of their own", async () => {
  const passages = [passage(MONEY, "a"), passage(WATER, "b"), passage(MONEY, "c"), passage(WATER, "d")];
  const [clusters] = await sentenceClusters(passages, tokenizer, 2, [1], new AbortController().signal);
  const [a, b, c, d] = [0, 1, 2, 3].map((i) => new Set(clusters!.subarray(17 * i, 17 * (i + 1))));
  for (const each of [a, b, c, d]) expect(each!.size).toBe(1);
  expect(a).toEqual(c);
  expect(b).toEqual(d);
  expect(a).not.toEqual(b);
});
