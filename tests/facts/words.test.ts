import { expect, it } from "vitest";
import { inSentence, rangeWords } from "../../src/facts/words.ts";

it("a title inside a sentence keeps its abbreviations", () => {
  expect(["Residual stream", "KL divergence", "MLP"].map(inSentence)).toEqual([
    "residual stream",
    "KL divergence",
    "MLP",
  ]);
});

it("a predicted range is said in words", () => {
  expect([rangeWords({ above: 0 }), rangeWords({ below: -0.25 }), rangeWords({ within: [0.1, 0.4] })]).toEqual([
    "above 0",
    "below \u22120.25",
    "between 0.1 and 0.4",
  ]);
});
