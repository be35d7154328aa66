import { expect, it } from "vitest";
import { bootstrap, intervals } from "../../pipeline/statistics/bootstrap.ts";
import { influenceDraws } from "../../pipeline/statistics/influence-draws.ts";
import { random } from "../../pipeline/statistics/random.ts";

/** The mean of a unit's values over documents: linear in the documents' weights up to their sum. */
const { normal } = random(3);
const documents = 60;
const data = Array.from({ length: 40 }, (_, u) => {
  const own = u < 20 ? 0 : 1;
  return Float64Array.from({ length: documents }, () => own + normal());
});
const scores = data.map((of) => {
  const value = of.reduce((a, b) => a + b, 0) / documents;
  return { value, influence: of.map((x) => (x - value) / documents) };
});
const groups = data.map((_, u) => Number(u >= 20));
const options = { groups, count: 2, resamples: 2000, seed: 5, unitSeed: 6 };

it("gives each group's mean, with an interval at least as wide as documents alone make it", () => {
  const [a, b] = intervals(influenceDraws(scores, options));
  expect(a!.value).toBeCloseTo(0, 0);
  expect(b!.value).toBeCloseTo(1, 0);
  const alone = bootstrap(
    documents,
    (resample) => {
      let sum = 0;
      for (const d of resample) for (const of of data.slice(20)) sum += of[d]!;
      return sum / documents / 20;
    },
    { seed: 5 },
  );
  expect(b!.value).toBeCloseTo(alone.value, 10);
  expect(b!.hi - b!.lo).toBeGreaterThan(alone.hi - alone.lo);
  // Units differ by chance only here: twice the variance, no more.
  expect(b!.hi - b!.lo).toBeLessThan(2 * (alone.hi - alone.lo));
});

it("draws the same documents for another set of units with the same seed, so that differences are paired", () => {
  const same = influenceDraws(
    scores.map(({ value, influence }) => ({ value: value + 1, influence })),
    options,
  );
  const { draws } = influenceDraws(scores, options);
  const difference = same.draws.map((x, i) => x - draws[i]!);
  expect(Math.max(...difference) - Math.min(...difference)).toBeLessThan(1e-9);
});

it("gives NaN for a group without units, and refuses to draw from nothing", () => {
  const found = influenceDraws(scores, { ...options, count: 3 });
  expect(found.values[2]).toBeNaN();
  expect(() => influenceDraws([], options)).toThrow("no scores");
});
