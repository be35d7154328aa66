import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averagePrecision } from "../../pipeline/statistics/average-precision.ts";
import { effectiveRank, hoyer, topEnergy } from "../../pipeline/statistics/hoyer.ts";
import { pearson, ranks, spearman } from "../../pipeline/statistics/rank.ts";
import { ranking } from "../../pipeline/statistics/ranking.ts";
import { macroRecall } from "../../pipeline/statistics/scores.ts";
import { equalCountBins, quantiles, standardDeviation } from "../../pipeline/statistics/summary.ts";
import { expectClose, golden } from "./golden.ts";

const recorded = golden("tests");
const vector = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 60 });

describe("sparsity", () => {
  it("agrees with the formulas in numpy", () => {
    expectClose([hoyer(recorded.sparsity.h)], [recorded.sparsity.hoyer], 1e-12);
    expectClose([topEnergy(recorded.sparsity.h)], [recorded.sparsity.top], 1e-12);
  });

  it("is 0 for equal entries, 1 for a single one, and free of scale and sign", () => {
    expect(hoyer([2, -2, 2, -2])).toBeCloseTo(0, 12);
    expect(hoyer([0, 0, -7, 0])).toBeCloseTo(1, 12);
    fc.assert(
      fc.property(vector, fc.double({ min: 0.01, max: 100, noNaN: true }), (h, scale) => {
        fc.pre(h.some((x) => Math.abs(x) > 1e-3));
        const value = hoyer(h);
        expect(value).toBeGreaterThan(-1e-9);
        expect(value).toBeLessThan(1 + 1e-9);
        expect(Math.abs(hoyer(h.map((x) => -scale * x)) - value)).toBeLessThan(1e-9);
        expect(topEnergy(h)).toBeGreaterThanOrEqual(Math.ceil(h.length / 10 - 1e-9) / h.length - 1e-9);
      }),
    );
  });

  it("has a tenth of 30 entries be three", () => {
    expect(topEnergy(Array.from({ length: 30 }, () => 1))).toBeCloseTo(0.1, 12);
  });

  it("counts equal directions in the effective rank", () => {
    expect(effectiveRank([3, 3, 3, 3, 0])).toBeCloseTo(4, 12);
    expect(() => effectiveRank([1, -0.5])).toThrow("Value 1 of the spectrum is -0.5");
  });
});

describe("ranks and correlations", () => {
  it("agree with scipy, ties included", () => {
    expectClose(ranks(recorded.x), recorded.ranks, 0);
    expectClose(
      [pearson(recorded.x, recorded.y), spearman(recorded.x, recorded.y)],
      [recorded.pearson, recorded.spearman],
      1e-12,
    );
  });

  it("Spearman's is untouched by any rising map", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 3 }), (x) => {
        expect(
          spearman(
            x,
            x.map((value) => Math.exp(value / 10)),
          ),
        ).toBeCloseTo(1, 12);
      }),
    );
  });
});

describe("summaries", () => {
  it("agree with numpy", () => {
    expectClose(quantiles(recorded.x, recorded.shares), recorded.quantiles, 1e-12);
    expectClose([standardDeviation(recorded.x)], [recorded.sd], 1e-12);
  });

  it("bins of equal count hold equally many, in order, ties together", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer(), { minLength: 5, maxLength: 80 }),
        fc.integer({ min: 1, max: 5 }),
        (values, k) => {
          const { of, bins } = equalCountBins(values, k);
          expect(bins.length).toBe(k);
          for (const { count } of bins) expect(Math.abs(count - values.length / k)).toBeLessThanOrEqual(1);
          for (let b = 1; b < k; b++) expect(bins[b]!.least).toBeGreaterThan(bins[b - 1]!.greatest);
          values.forEach((value, i) => {
            const bin = bins[of[i]!]!;
            expect(value >= bin.least && value <= bin.greatest).toBe(true);
          });
        },
      ),
    );
    expect(Array.from(equalCountBins([1, 2, 2, 2, 2, 3], 3).of)).toEqual([0, 1, 1, 1, 1, 2]);
  });
});

const ranked = (scores: readonly number[]) => ranking(Float32Array.from(scores), Int32Array.from(scores.keys()));

describe("scores of predictions", () => {
  it("average precision and macro recall agree with scikit-learn", () => {
    const rank = ranked(recorded.scores);
    // They have equal scores, which no threshold parts, −0 and 0 among them.
    expect(new Set(recorded.scores).size).toBeLessThan(recorded.scores.length);
    expectClose([averagePrecision(rank, (i) => recorded.labels[i] === 1).value], [recorded.average_precision], 1e-12);
    const { truth, predicted, macro } = recorded.recall;
    expectClose([macroRecall(truth, predicted)], [macro], 1e-12);
  });

  it("average precision needs a positive", () =>
    expect(() => averagePrecision(ranked([1, 2]), () => false)).toThrow("None of the 2"));

  it("the order in which equal scores come doesn't matter, and all equal tell no more than the base rate", () => {
    const of = (labels: readonly number[]) =>
      averagePrecision(ranked([3, 1, 1, 1, 1, 1]), (i) => labels[i] === 1).value;
    expect(of([0, 1, 0, 0, 0, 0])).toBe(of([0, 0, 0, 0, 0, 1]));
    expect(averagePrecision(ranked([2, 2, 2, 2]), (i) => i === 0)).toMatchObject({ value: 0.25, base: 0.25 });
  });

  it("its slopes are what weighing one a little more does, equal scores or not", () => {
    const scores = [2, 2, 1, 1, 1, 0, -1];
    const labels = [1, 0, 0, 1, 1, 0, 1];
    const weighed = (weights: readonly number[]) => {
      const over = (score: number, only: (i: number) => boolean) =>
        scores.reduce((sum, other, i) => (other >= score && only(i) ? sum + weights[i]! : sum), 0);
      const hits = (i: number) => labels[i] === 1;
      const all = scores.map((score, i) => (hits(i) ? (weights[i]! * over(score, hits)) / over(score, () => true) : 0));
      return all.reduce((a, b) => a + b) / over(-1, hits);
    };
    const { value, slopes } = averagePrecision(ranked(scores), (i) => labels[i] === 1);
    const ones = scores.map(() => 1);
    expect(value).toBeCloseTo(weighed(ones), 12);
    slopes.forEach((slope, k) => {
      const more = weighed(ones.map((_, i) => (i === k ? 1 + 1e-6 : 1)));
      expect((more - value) / 1e-6).toBeCloseTo(slope, 4);
    });
  });
});
