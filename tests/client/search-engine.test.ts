import { describe, expect, it } from "vitest";
import { isCommon, isEmpty, piecesOf } from "../../src/client/search-engine.ts";

const none = { text: "", kind: "", topic: "", verdict: "", model: "" };

describe("a query", () => {
  it("waits for a second letter, but not for a second character of Japanese", () => {
    expect(isEmpty({ ...none, text: " w " })).toBe(true);
    expect(isEmpty({ ...none, text: "wo" })).toBe(false);
    expect(isEmpty({ ...none, text: "意" })).toBe(false);
    expect(isEmpty({ ...none, kind: "claim" })).toBe(false);
  });

  it("says of a word that every page has that it tells nothing, unless something else narrows", () => {
    expect(isCommon({ ...none, text: "the" })).toBe(true);
    expect(isCommon({ ...none, text: "the lens" })).toBe(false);
    expect(isCommon({ ...none, text: "the", kind: "claim" })).toBe(false);
  });
});

it("an excerpt is text alone, whatever stands in it", () => {
  expect(piecesOf("a &lt;b&gt; <mark>意</mark> <mark>味</mark> &amp;lt; __kind_note__ __verdict_a_mixed__")).toEqual([
    { text: "a <b> ", found: false },
    { text: "意味", found: true },
    { text: " &lt;", found: false },
  ]);
});
