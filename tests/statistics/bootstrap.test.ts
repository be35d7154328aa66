import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bootstrap,
  derive,
  difference,
  drawRatios,
  drawStatistic,
  intervals,
  ratioOfSums,
} from "../../pipeline/statistics/bootstrap.ts";
import { random } from "../../pipeline/statistics/random.ts";
import { expectClose, golden } from "./golden.ts";

describe("the cluster bootstrap", () => {
  it("takes numpy's percentiles of its draws", () => {
    const { draws, interval } = golden("bootstrap");
    const [found] = intervals({
      units: 2,
      seed: 0,
      resamples: draws.length,
      values: Float64Array.of(2),
      draws: Float64Array.from(draws),
    });
    expectClose([found!.lo, found!.hi], interval, 1e-12);
  });

  it("covers the truth about as often as it says, with documents that share an effect", () => {
    // 40 documents of 5 to 25 tokens with a common effect each: units are documents, a token-wise interval is far too narrow.
    let covered = 0;
    let naive = 0;
    const runs = 400;
    for (let run = 0; run < runs; run++) {
      const generator = random(run);
      const sums = new Float64Array(40);
      const counts = new Float64Array(40);
      const tokens: number[] = [];
      for (let u = 0; u < 40; u++) {
        const effect = 3 + generator.normal();
        counts[u] = 5 + generator.int(21);
        for (let t = 0; t < counts[u]!; t++) {
          const value = effect + generator.normal();
          sums[u]! += value;
          tokens.push(value);
        }
      }
      const [one] = ratioOfSums(sums, counts, 1, { resamples: 400, seed: run });
      if (one!.lo <= 3 && 3 <= one!.hi) covered++;
      const [two] = ratioOfSums(
        tokens,
        tokens.map(() => 1),
        1,
        { resamples: 200, seed: run },
      );
      if (two!.lo <= 3 && 3 <= two!.hi) naive++;
    }
    expect(covered / runs).toBeGreaterThan(0.9);
    expect(covered / runs).toBeLessThan(0.98);
    expect(naive / runs).toBeLessThan(0.75);
  });

  it("gives the fast path and the general one the same draws", () => {
    const [units, columns] = [12, 3];
    const generator = random(2);
    const above = Float64Array.from({ length: units * columns }, () => generator.normal());
    const below = Float64Array.from({ length: units * columns }, () => 1 + generator.uniform());
    const fast = drawRatios(above, below, columns, { seed: 9, resamples: 50 });
    const slow = drawStatistic(
      units,
      (resample) =>
        Array.from({ length: columns }, (_, k) => {
          let [a, b] = [0, 0];
          for (const u of resample) {
            a += above[u * columns + k]!;
            b += below[u * columns + k]!;
          }
          return a / b;
        }),
      { seed: 9, resamples: 50 },
    );
    expectClose(fast.values, slow.values, 1e-12);
    expectClose(fast.draws, slow.draws, 1e-12);
    const shared = drawRatios(above, below.subarray(0, units), columns, { seed: 9, resamples: 5 });
    const spread = Float64Array.from({ length: units * columns }, (_, i) => below[Math.floor(i / columns)]!);
    expectClose(shared.draws, drawRatios(above, spread, columns, { seed: 9, resamples: 5 }).draws, 1e-12);
  });

  it("pairs differences over the same resamples, so what is common cancels", () => {
    const generator = random(5);
    const common = Float64Array.from({ length: 30 }, () => 10 * generator.normal());
    const ones = new Float64Array(30).fill(1);
    const a = drawRatios(
      common.map((x) => x + 1),
      ones,
      1,
      { seed: 1 },
    );
    const b = drawRatios(common, ones, 1, { seed: 1 });
    const [paired] = intervals(difference(a, b));
    expectClose([paired!.value, paired!.lo, paired!.hi], [1, 1, 1], 1e-9);
    expect(intervals(a)[0]!.hi - intervals(a)[0]!.lo).toBeGreaterThan(3);
    expect(() => difference(a, drawRatios(common, ones, 1, { seed: 2 }))).toThrow("seed is 1 and 2");
  });

  it("resamples a whole curve jointly: a contrast of its points is that of each resample", () => {
    const above = Float64Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? i : i + 5));
    const draws = drawRatios(above, new Float64Array(20).fill(1), 2, { seed: 4, resamples: 100 });
    const [gap] = intervals(derive(draws, ([first, second]) => [second! - first!]));
    expectClose([gap!.value, gap!.lo, gap!.hi], [6, 6, 6], 1e-12);
  });

  it("returns one interval for a number, several for a list, and the same each time", () => {
    const mean = (resample: Int32Array) => resample.reduce((a, b) => a + b, 0) / resample.length;
    const one = bootstrap(25, mean, { seed: 7 });
    expect(one.value).toBe(12);
    expect(one.lo).toBeLessThan(one.value);
    expect(bootstrap(25, (r) => [mean(r), 1], { seed: 7 })).toEqual([one, { value: 1, lo: 1, hi: 1 }]);
    expect(bootstrap(25, mean, { seed: 7, level: 0.5 }).lo).toBeGreaterThan(one.lo);
  });

  it("keeps its value inside the range of the draws and grows with the level", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 20 }), (values) => {
        const ones = values.map(() => 1);
        const [wide] = ratioOfSums(values, ones, 1, { seed: 1, resamples: 100, level: 0.99 });
        const [narrow] = ratioOfSums(values, ones, 1, { seed: 1, resamples: 100, level: 0.8 });
        expect(wide!.lo).toBeLessThanOrEqual(narrow!.lo);
        expect(wide!.hi).toBeGreaterThanOrEqual(narrow!.hi);
        expect(wide!.lo).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
      }),
      { numRuns: 40 },
    );
  });

  it("has no interval for what is undefined, and says so for what can't be resampled", () => {
    const [none, some] = ratioOfSums([1, 2, 3, 4], [0, 1, 0, 1], 2, { seed: 1, resamples: 50 });
    expect(none).toEqual({ value: Number.NaN, lo: Number.NaN, hi: Number.NaN });
    expect(some!.value).toBe(3);
    expect(() => ratioOfSums([1], [1], 1, { seed: 1 })).toThrow("at least two independent units; found 1");
    expect(() => ratioOfSums([1, 2, 3], [1, 2], 1, { seed: 1 })).toThrow("don't fit 1 columns");
  });

  it("resamples 200 documents × 31 layers × 6 statistics 2000 times in well under a second", () => {
    const above = new Float64Array(200 * 186).fill(1.5);
    // The processor's time, not the clock's: other tests run beside this one.
    const start = process.cpuUsage();
    ratioOfSums(above, above, 186, { seed: 1 });
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(1);
  });
});
