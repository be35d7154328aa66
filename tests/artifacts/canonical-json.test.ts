import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, compactJson } from "../../pipeline/artifacts/canonical-json.ts";

describe("canonical JSON", () => {
  it("sorts keys, puts a row on one line, rounds to 6 digits, ends in a newline", () => {
    const value = {
      b: [
        [1 / 3, "x", null],
        [1234567.89, "y", true],
      ],
      a: { z: [], y: undefined, x: {} },
    };
    expect(canonicalJson(value)).toBe(
      '{\n  "a": {\n    "x": {},\n    "z": []\n  },\n  "b": [\n    [0.333333, "x", null],\n    [1234570, "y", true]\n  ]\n}\n',
    );
  });

  it("keeps counts whole and has no negative zero", () => {
    expect(canonicalJson([1161192, 9007199254740991, -0])).toBe("[1161192, 9007199254740991, 0]\n");
  });

  it("refuses what JSON cannot hold, with its path", () => {
    expect(() => canonicalJson({ estimates: [{ value: 1 }, { lo: Number.NaN }] })).toThrow(
      "Cannot write NaN at estimates[1].lo",
    );
    expect(() => canonicalJson({ rows: [[1, Number.POSITIVE_INFINITY]] })).toThrow(
      "Cannot write Infinity at rows[0][1]",
    );
    expect(() => canonicalJson({ a: [undefined] })).toThrow("type undefined at a[0]");
    expect(() => canonicalJson({ a: new Float32Array(2) })).toThrow("Float32Array at a");
    expect(() => canonicalJson(new Map())).toThrow("Map at the top");
  });

  it("gives the same bytes whatever the order of keys, is JSON, and is stable when read and written again", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        const shuffled = JSON.parse(JSON.stringify(value), (_, v) =>
          v && typeof v === "object" && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).reverse()) : v,
        );
        expect(canonicalJson(shuffled)).toBe(text);
        expect(compactJson(shuffled)).toBe(compactJson(value));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(text).not.toContain("\r");
      }),
    );
  });
});
