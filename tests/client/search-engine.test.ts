import { describe, expect, it } from "vitest";
import { filtersOf, isCommon, isEmpty, piecesOf } from "../../src/client/search-engine.ts";

const none = { text: "", kind: "", topic: "", verdict: "", model: "" };
const models = ["a", "b"];
const verdicts = ["supported", "contradicted", "untested"];

describe("a query", () => {
  it("asks for a verdict on a model by one joint value", () => {
    expect(filtersOf({ ...none, verdict: "contradicted", model: "a" }, models, verdicts)).toEqual({
      verdict: "a:contradicted",
    });
  });

  it("asks for a verdict on any model, and for any measured verdict on a model", () => {
    expect(filtersOf({ ...none, verdict: "untested" }, models, verdicts)).toEqual({
      verdict: { any: ["a:untested", "b:untested"] },
    });
    expect(filtersOf({ ...none, model: "b", kind: "claim" }, models, verdicts)).toEqual({
      kind: "claim",
      verdict: { any: ["b:supported", "b:contradicted"] },
    });
    expect(filtersOf(none, models, verdicts)).toEqual({});
  });

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
  expect(piecesOf("a &lt;b&gt; <mark>意</mark> <mark>味</mark> &amp;lt; __kind_note __verdict_a_mixed")).toEqual([
    { text: "a <b> ", found: false },
    { text: "意味", found: true },
    { text: " &lt;", found: false },
  ]);
});
