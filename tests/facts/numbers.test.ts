import { describe, expect, it } from "vitest";
import { decimalsOf, duration, fixed, longDate, significant, written } from "../../src/facts/numbers.ts";

describe("an estimate is written with no more digits than its interval carries", () => {
  it.each([
    [0.4213, 0.3779, 0.4651, "0.42 [0.38, 0.47]"],
    [4.1234, 3.8, 4.4, "4.1 [3.8, 4.4]"],
    [-0.0512, -0.11, 0.01, "\u22120.05 [\u22120.11, 0.01]"],
    [0.042, 0.031, 0.053, "0.042 [0.031, 0.053]"],
    [1234.5, 1200, 1269, "1,235 [1,200, 1,269]"],
    [2.79e-5, 2.57e-5, 2.79e-5, "2.79 \u00d7 10\u207b\u2075 [2.57, 2.79] \u00d7 10\u207b\u2075"],
    [-4e-12, -6e-12, 1e-12, "\u22124 \u00d7 10\u207b\u00b9\u00b2 [\u22126, 1] \u00d7 10\u207b\u00b9\u00b2"],
    // One end has few zeros: all three are read beside one another without a power.
    [0.0004, -0.0008, 0.0017, "0.0004 [\u22120.0008, 0.0017]"],
    [0, 0, 0, "0.000 [0.000, 0.000]"],
  ])("%d in [%d, %d]", (value, lo, hi, text) => {
    expect(written({ value, lo, hi, unit: "" }).text).toBe(text);
  });

  it("keeps a second digit where the half-width starts with 1", () => {
    expect(decimalsOf(0.3, 0.54)).toBe(2);
    expect(decimalsOf(0.3, 0.8)).toBe(1);
  });

  it("says a unit, and none for a share", () => {
    expect(written({ value: 1, lo: 0, hi: 2, unit: "nats" }).unit).toBe("nats");
    expect(written({ value: 0.5, lo: 0.4, hi: 0.6, unit: "share" }).unit).toBe("");
  });

  it("repeats the power in each part, which may stand alone", () => {
    const { value, lo, hi } = written({ value: 2.79e-5, lo: 2.57e-5, hi: 2.79e-5, unit: "logits" });
    const power = "\u00d7 10\u207b\u2075";
    expect([value, lo, hi]).toEqual([`2.79 ${power}`, `2.57 ${power}`, `2.79 ${power}`]);
  });

  it("never writes minus zero", () => {
    expect(fixed(-0.001, 2)).toBe("0.00");
  });
});

it("writes dates, durations and bare numbers for people", () => {
  expect(longDate("2026-11-02T10:00:00Z")).toBe("2 November 2026");
  expect([duration(12.3), duration(241), duration(7200)]).toEqual(["12 s", "4 min", "2 h"]);
  expect(significant(-134.515)).toBe("\u2212135");
});
