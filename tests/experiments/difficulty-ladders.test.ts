import { expect, it } from "vitest";
import {
  climbs,
  dealtAnew,
  type LadderReadings,
  type Step,
  slopeWithin,
} from "../../pipeline/experiments/difficulty-ladders/ladder-estimates.ts";
import { intervals } from "../../pipeline/statistics/bootstrap.ts";
import { random } from "../../pipeline/statistics/random.ts";

const STEPS = 3;
const ITEMS = 24;

/** Two ladders of items in groups of two, whose figure climbs by `planted` a step, and whose surprisal climbs by 1. */
function ladder(planted: number, seed: number) {
  const { normal } = random(seed);
  const rows: Step[] = [];
  const values: number[] = [];
  const surprisal: number[] = [];
  for (let item = 0; item < 2 * ITEMS; item++) {
    const level = normal();
    for (let step = 0; step < STEPS; step++) {
      rows.push({ ladder: Math.floor(item / ITEMS), item, unit: item >> 1, step });
      values.push(level + planted * step + 0.3 * normal());
      surprisal.push(level + step + 0.3 * normal());
    }
  }
  const readings: Pick<LadderReadings, "ladders" | "nSteps" | "units" | "seed" | "rows"> = {
    ladders: ["one", "other"],
    nSteps: STEPS,
    units: ITEMS,
    seed: 7,
    rows,
  };
  return { readings, values: Float64Array.from(values), surprisal: Float64Array.from(surprisal) };
}

it("finds a planted climb and slope, and loses both when the steps are dealt out anew", () => {
  const { readings, values, surprisal } = ladder(0.4, 1);
  const [, , mean] = intervals(climbs(readings, values));
  expect(mean!.lo).toBeGreaterThan(0.6);
  expect(mean!.value).toBeCloseTo(0.8, 0);
  expect(intervals(slopeWithin(readings, undefined, surprisal, values))[0]!.lo).toBeGreaterThan(0.2);
  const dealt = dealtAnew(readings.rows, values, random(2));
  const [, , control] = intervals(climbs(readings, dealt));
  expect(control!.lo).toBeLessThan(0);
  expect(control!.hi).toBeGreaterThan(0);
});

it("finds no climb and no slope where there is none, at about the stated rate", () => {
  let outside = 0;
  for (let seed = 0; seed < 60; seed++) {
    const { readings, values, surprisal } = ladder(0, 100 + seed);
    const found = [
      intervals(climbs(readings, values)).at(-1)!,
      intervals(slopeWithin(readings, undefined, surprisal, values))[0]!,
    ];
    outside += found.filter(({ lo, hi }) => lo > 0 || hi < 0).length;
  }
  expect(outside).toBeLessThanOrEqual(18);
});

it("deals an item's values out among its own steps alone", () => {
  const { readings, values } = ladder(0, 3);
  const dealt = dealtAnew(readings.rows, values, random(4));
  for (let item = 0; item < 2 * ITEMS; item++) {
    const own = (of: Float64Array) => Array.from(of.subarray(item * STEPS, (item + 1) * STEPS)).sort();
    expect(own(dealt)).toEqual(own(values));
  }
});
