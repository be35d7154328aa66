import { describe, expect, it } from "vitest";
import { piecesOf, spoken } from "../../src/charts/token-text.ts";
import { HOSTILE } from "../fixtures/invent.ts";

const flat = (token: string) =>
  piecesOf(token)
    .map(({ kind, text }) => (kind === "mark" ? `[${text}]` : text))
    .join("");

describe("a token as it is shown", () => {
  it.each([
    [" bank", "[·]bank"],
    ["bank", "bank"],
    ["  ", "[··]"],
    ["a b", "a[·]b"],
    ["\n\n", "[↵↵]"],
    ["\t", "[⇥]"],
    ["", "[∅]"],
    ["\u0000", "[U+0000]"],
    ["\u202egnp", "[U+202E]gnp"],
    ["\u00a0x", "[U+00A0]x"],
    ["<b>", "<b>"],
    ["naïve 🌊", "naïve[·]🌊"],
  ])("%j is %s", (token, shown) => expect(flat(token)).toBe(shown));

  it("loses nothing: each character is there, as itself or as a sign", () => {
    for (const token of HOSTILE) expect(piecesOf(token).every(({ text }) => text.length > 0)).toBe(true);
  });

  it.each([
    [" bank", "“bank”"],
    ["bank", "“bank” without a space"],
    ["\n", "“newline”"],
    [",", "“,”"],
  ])("%j is said %s", (token, said) => expect(spoken(token)).toBe(said));
});
