import { expect, test } from "vitest";
import { slopes } from "../../../pipeline/experiments/sparsity/slopes.ts";
import { intervals } from "../../../pipeline/statistics/bootstrap.ts";
import { random } from "../../../pipeline/statistics/random.ts";

const ROWS = 1200;
const UNITS = 40;

/** y = effect · x + type's own level + 0.5 · covariate + noise; x depends on type and covariate. */
function planted(effect: number, seed = 1) {
  const { normal, int } = random(seed);
  const level = Array.from({ length: 30 }, () => normal() * 3);
  const group = Int32Array.from({ length: ROWS }, () => int(30));
  const covariate = Float64Array.from({ length: ROWS }, () => normal());
  const x = Float64Array.from({ length: ROWS }, (_, i) => level[group[i]!]! + covariate[i]! + normal());
  const y = x.map((v, i) => effect * v + level[group[i]!]! + 0.5 * covariate[i]! + 0.3 * normal());
  const unit = Int32Array.from({ length: ROWS }, (_, i) => i % UNITS);
  return { unit, units: UNITS, group, x, covariates: [covariate], y };
}
const OPTIONS = { seed: 3, resamples: 400 };

test("gives the planted slope with types and covariate held", () => {
  const [slope] = intervals(slopes(planted(0.2), OPTIONS));
  expect(slope!.value).toBeCloseTo(0.2, 1);
  expect(slope!.lo).toBeGreaterThan(0.15);
  expect(slope!.hi).toBeLessThan(0.25);
});

test("finds none where types and covariate alone tie x to y, which a bare slope takes for an effect", () => {
  const held = Array.from(
    { length: 20 },
    (_, seed) => intervals(slopes(planted(0, seed), { seed, resamples: 300 }))[0]!,
  );
  expect(held.filter(({ lo, hi }) => lo <= 0 && hi >= 0).length).toBeGreaterThanOrEqual(16);
  expect(Math.abs(held.reduce((sum, { value }) => sum + value / 20, 0))).toBeLessThan(0.007);
  const data = planted(0);
  const [bare] = intervals(slopes({ ...data, group: new Int32Array(ROWS), covariates: [] }, OPTIONS));
  expect(bare!.lo).toBeGreaterThan(0.5);
  const [withinTypes] = intervals(slopes({ ...data, covariates: [] }, OPTIONS));
  expect(withinTypes!.lo).toBeGreaterThan(0.1);
});

test("several outcomes have the slopes that each has alone", () => {
  const [one, two] = [planted(0.2), planted(0.2, 2)];
  const y = Float64Array.from({ length: 2 * ROWS }, (_, i) => (i % 2 === 0 ? one.y[i >> 1]! : two.y[i >> 1]!));
  const both = slopes({ ...one, y }, OPTIONS);
  expect(both.values[0]).toBeCloseTo(slopes(one, OPTIONS).values[0]!, 10);
  expect(both.values[1]).toBeCloseTo(slopes({ ...one, y: two.y }, OPTIONS).values[0]!, 10);
});
