import { expect, it } from "vitest";
import type { NounEffects } from "../../../pipeline/experiments/causes/measure-nouns.ts";
import { nounOf, nounTable } from "../../../pipeline/experiments/causes/noun-table.ts";

const of = (size: number, from: number) => Float64Array.from({ length: size }, (_, i) => from + i);
const noun: NounEffects = {
  lemma: "bank",
  sentences: 16,
  clean: 40.5,
  right: [15, 8],
  direct: [of(6, 1), of(6, 11)],
  patched: [of(6, 21), of(6, 31)],
  ablated: [of(6, 41), of(6, 51)],
  cutCue: 12.5,
  cutOther: -1,
  cutHeads: of(27, 100),
};

it("a noun's effects come back from its table as they were", () => {
  expect(nounOf("bank", nounTable(noun))).toEqual(noun);
});
