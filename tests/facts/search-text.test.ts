import { describe, expect, it } from "vitest";
import { apart, askedFor, joined, markOf, plainFormula, searchable, unmarked } from "../../src/facts/search-text.ts";

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

  it("touches no tag and no attribute, and puts the marks of a page's filters at the end of its text", () => {
    const filters = `<span hidden data-pagefind-filter="kind">note</span><span hidden data-pagefind-filter="verdict">a-1:mixed</span>`;
    const html = `<body><main data-x="意味">${filters}<h1>意味</h1></main><footer>f</footer></body>`;
    expect(searchable(html)).toBe(
      `<body><main data-x="意味">${filters}<h1>意 味</h1> __kind_note __verdict_a_1_mixed</main><footer>f</footer></body>`,
    );
    expect(unmarked(`the end. ${markOf("kind", "note")} ${markOf("verdict", "a-1:mixed")}`)).toBe("the end.");
    expect(unmarked("dunder __init__ stays")).toBe("dunder __init__ stays");
  });

  it("asks for all words but the commonest", () => {
    expect(askedFor("the light of the morning")).toBe("light morning");
    expect(askedFor("to be")).toBe("");
    expect(askedFor("  ")).toBe("");
  });
});
