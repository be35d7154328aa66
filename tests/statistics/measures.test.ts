import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averagePrecision } from "../../pipeline/statistics/average-precision.ts";
import { effectiveRank, hoyer, topEnergy } from "../../pipeline/statistics/hoyer.ts";
import { pearson, ranks, spearman } from "../../pipeline/statistics/rank.ts";
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

describe("scores of predictions", () => {
  it("average precision and macro recall agree with scikit-learn", () => {
    expectClose([averagePrecision(recorded.labels, recorded.scores)], [recorded.average_precision], 1e-12);
    const { truth, predicted, macro } = recorded.recall;
    expectClose([macroRecall(truth, predicted)], [macro], 1e-12);
  });

  it("average precision needs a positive", () =>
    expect(() => averagePrecision([0, 0], [1, 2])).toThrow("None of the 2"));
});
