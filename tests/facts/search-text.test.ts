import { describe, expect, it } from "vitest";
import {
  apart,
  askedFor,
  joined,
  marksAsked,
  marksOf,
  plainFormula,
  searchable,
  unmarked,
} from "../../src/facts/search-text.ts";

describe("words of the search", () => {
  it("has each Chinese and Japanese character as a word, and shows them together", () => {
    expect(apart("言語モデル is a model")).toBe("言 語 モ デ ル is a model");
    expect(joined(apart("言語モデルの意味"))).toBe("言語モデルの意味");
    // Korean has spaces of its own.
    expect(apart("언어 모델")).toBe("언어 모델");
  });

  it("has formulas as people type them", () => {
    expect(plainFormula("W_{U}")).toBe("W_U");
    expect(plainFormula("d = 576")).toBe("d=576");
    expect(plainFormula("D_\\mathrm{KL}(p \\Vert q)")).toBe("D_KL(p Vert q)");
    const math = `<p>of <math><semantics><msub><mi>W</mi><mi>U</mi></msub><annotation encoding="application/x-tex">W_U</annotation></semantics></math>.</p>`;
    expect(searchable(math)).toBe("<p>of  W_U .</p>");
  });

  it("touches no tag and no attribute", () => {
    const html = `<body><main data-x="意味"><h1>意味</h1></main><footer>f</footer></body>`;
    expect(searchable(html)).toBe(`<body><main data-x="意味"><h1>意 味</h1></main><footer>f</footer></body>`);
  });

  it("asks for all words but the commonest", () => {
    expect(askedFor("the light of the morning")).toBe("light morning");
    expect(askedFor("to be")).toBe("");
    expect(askedFor("  ")).toBe("");
  });
});

describe("what a search is narrowed by", () => {
  const none = { kind: "", topic: "", verdict: "", model: "" };
  const traits = { kind: "claim", topics: ["depth"], verdicts: ["a-1:mixed", "b:untested"] };
  const has = (asked: Partial<typeof none>) => {
    const marks = marksOf(traits).split(" ");
    return marksAsked({ ...none, ...asked }).every((mark) => marks.includes(mark));
  };

  it("is had by what has it: a verdict with its model by one mark, alone by another", () => {
    expect(has({ kind: "claim", topic: "depth" })).toBe(true);
    expect(has({ verdict: "mixed", model: "a-1" })).toBe(true);
    expect(has({ verdict: "mixed" })).toBe(true);
    expect(has({ kind: "note" })).toBe(false);
    expect(has({ kind: "claim", verdict: "mixed" })).toBe(true);
    expect(has({ kind: "note", verdict: "mixed", model: "a-1" })).toBe(false);
    // The one on this model and the other on that.
    expect(has({ verdict: "mixed", model: "b" })).toBe(false);
  });

  it("is a model only by a measured verdict", () => {
    expect(has({ model: "a-1" })).toBe(true);
    expect(has({ kind: "claim", model: "a-1", topic: "depth" })).toBe(true);
    expect(has({ kind: "claim", model: "a-1", topic: "width" })).toBe(false);
    expect(has({ model: "b" })).toBe(false);
    expect(has({ verdict: "untested", model: "b" })).toBe(true);
  });

  it("is no beginning of another, since the engine finds longer words too", () => {
    const marks = marksOf({ kind: "note", topics: ["a", "a-b"], verdicts: ["m:mixed", "m-n:mixed"] }).split(" ");
    for (const mark of marks) expect(marks.filter((other) => other.startsWith(mark))).toEqual([mark]);
  });

  it("isn't shown", () => {
    expect(unmarked(`the end. ${marksOf(traits)}`)).toBe("the end.");
    expect(unmarked("dunder __init__ stays")).toBe("dunder __init__ stays");
  });
});
