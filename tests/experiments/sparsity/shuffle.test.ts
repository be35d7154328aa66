import { expect, test } from "vitest";
import { shuffleWords } from "../../../pipeline/experiments/sparsity/shuffle.ts";
import { random } from "../../../pipeline/statistics/random.ts";

const TEXT = ["The", " old", " foot", "ball", " club", ",", " it", " is", " said", "\n", "He"];
const IDS = TEXT.map((_, i) => i);
const shuffled = () => shuffleWords(IDS, (id) => TEXT[id]!, random(3));

test("keeps every token and the first word", () => {
  expect(shuffled()[0]).toBe(0);
  expect(shuffled().toSorted((a, b) => a - b)).toEqual(IDS);
  expect(shuffled()).not.toEqual(IDS);
});

test("pieces of a word, and marks behind it, stay with it", () => {
  const ids = shuffled();
  expect(ids[ids.indexOf(2) + 1]).toBe(3);
  expect(ids[ids.indexOf(4) + 1]).toBe(5);
  expect(ids[ids.indexOf(9) + 1]).toBe(10);
});
