import { expect, it } from "vitest";
import { drawStatistic, intervals } from "../../pipeline/statistics/bootstrap.ts";
import { centred } from "../../pipeline/statistics/centred-draws.ts";

/** Number of distinct units: a resample always has fewer, so its percentile interval misses the value. */
const draws = drawStatistic(50, (sample) => [new Set(sample).size, sample.reduce((a, b) => a + b, 0) / 50], {
  resamples: 500,
  seed: 1,
});

it("brings the interval of a statistic that resampling shifts back around its value, width kept", () => {
  const [plain] = intervals(draws);
  const [moved] = intervals(centred(draws));
  expect(plain!.hi).toBeLessThan(plain!.value);
  expect(moved!.lo).toBeLessThan(50);
  expect(moved!.hi).toBeGreaterThan(50);
  expect(moved!.hi - moved!.lo).toBeCloseTo(plain!.hi - plain!.lo, 10);
});

it("moves only what it is told to, and leaves undefined draws undefined", () => {
  const only = centred(draws, (k) => k === 0);
  expect(intervals(only)[1]).toEqual(intervals(draws)[1]);
  const holed = { ...draws, draws: draws.draws.map((x, i) => (i === 3 ? Number.NaN : x)) };
  const found = centred(holed).draws;
  expect(found[3]).toBeNaN();
  expect(found[4]).toBeGreaterThan(40);
});
