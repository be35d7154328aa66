import { describe, expect, it } from "vitest";
import { type Frame, nearest, placeAt } from "../../src/charts/frame.ts";

const log: Frame = {
  left: 26,
  top: 40,
  width: 532,
  height: 776,
  along: "down",
  plot: 330,
  pitch: 400,
  place: [0, 30],
  log: false,
};

describe("the place under the pointer", () => {
  it("is the depth in any row of tracks", () => {
    expect(placeAt(log, 100, 40)).toBe(0);
    expect(placeAt(log, 100, 40 + 330)).toBe(30);
    expect(placeAt(log, 100, 40 + 400 + 165)).toBe(15);
    expect(placeAt(log, 100, 0)).toBe(0);
  });

  it("follows a logarithmic axis", () => {
    const curve: Frame = { ...log, along: "across", plot: 300, pitch: 0, place: [1, 1000], log: true };
    expect(placeAt(curve, 26 + 100, 0)).toBeCloseTo(10);
  });

  it("snaps to the nearest stop", () => {
    expect(nearest([0, 1, 4, 9], 3)).toBe(2);
    expect(() => nearest([], 3)).toThrow(/no place to read at/);
  });
});
