import { describe, expect, it } from "vitest";
import { dense, row } from "../../pipeline/statistics/dense.ts";
import { groupedFolds } from "../../pipeline/statistics/folds.ts";
import { crossPredict, fitProbe, predict, probabilities } from "../../pipeline/statistics/probe.ts";
import { random } from "../../pipeline/statistics/random.ts";
import { applyRidge, fitRidge } from "../../pipeline/statistics/ridge.ts";
import { accuracy, macroRecall } from "../../pipeline/statistics/scores.ts";
import { controlLabels, selectivity } from "../../pipeline/statistics/selectivity.ts";
import { varianceExplained } from "../../pipeline/statistics/variance-explained.ts";
import { expectClose, golden, matrix } from "./golden.ts";

/** Noise [n × d] with `effect` added along the first ten features for each example of class 1. */
function noisy(n: number, d: number, labels: ArrayLike<number>, effect: number, seed: number) {
  const generator = random(seed);
  return dense(
    n,
    d,
    Array.from({ length: n * d }, (_, i) => {
      const shift = i % d < 10 ? effect * labels[Math.floor(i / d)]! : 0;
      return generator.normal() + shift;
    }),
  );
}

describe("probes", () => {
  const { cases } = golden("probes");

  it.each([0, 1, 2, 3])("have scikit-learn's probabilities and predictions, case %i", (which) => {
    const { train, labels, test, penalty, ...expected } = cases[which];
    const probe = fitProbe(matrix(train), labels, { penalty });
    expectClose(probabilities(probe, matrix(test)).data, expected.probabilities.flat(), 1e-6);
    expect(Array.from(predict(probe, matrix(test)))).toEqual(expected.predicted);
    expect(Array.from(predict(fitProbe(matrix(train), labels, { kind: "centroid" }), matrix(test)))).toEqual(
      expected.centroid,
    );
  });

  it("standardise on the training part alone: the held-out examples don't move the fit", () => {
    const labels = Array.from({ length: 20 }, (_, i) => i % 2);
    const x = noisy(20, 30, labels, 2, 1);
    const folds = [{ train: Int32Array.from({ length: 16 }, (_, i) => i), test: Int32Array.of(16, 17, 18, 19) }];
    const first = crossPredict(x, labels, folds);
    row(x, 19).fill(1e9);
    expect(Array.from(crossPredict(x, labels, folds).subarray(16, 19))).toEqual(Array.from(first.subarray(16, 19)));
    expect(Array.from(first.subarray(0, 16)).every((label) => label === -1)).toBe(true);
  });

  it("find a planted class on held-out groups, and none in noise or with shuffled labels", () => {
    const labels = Array.from({ length: 80 }, (_, i) => i % 2);
    const groups = labels.map((label, i) => `${label}-${Math.floor(i / 2) % 10}`);
    const folds = groupedFolds(groups, labels, 5, 1);
    const recall = (x: ReturnType<typeof noisy>, of: ArrayLike<number>) => macroRecall(of, crossPredict(x, of, folds));
    expect(recall(noisy(80, 200, labels, 2, 2), labels)).toBeGreaterThan(0.95);
    let noise = 0;
    let shuffled = 0;
    for (let run = 0; run < 20; run++) {
      noise += recall(noisy(80, 200, labels, 0, run), labels) / 20;
      shuffled += recall(noisy(80, 200, labels, 2, run), random(run).shuffle(labels)) / 20;
    }
    expect(Math.abs(noise - 0.5)).toBeLessThan(0.05);
    expect(Math.abs(shuffled - 0.5)).toBeLessThan(0.07);
  });

  it("say what is wrong with their examples", () => {
    const x = noisy(4, 3, [0, 1, 0, 1], 1, 1);
    expect(() => fitProbe(x, [0, 0, 0, 0])).toThrow("at least two classes");
    expect(() => fitProbe(x, [0, 1])).toThrow("4 examples, but 2 labels");
    x.data[4] = Number.NaN;
    expect(() => fitProbe(x, [0, 1, 0, 1])).toThrow("Feature 1 holds values that are not finite");
  });
});

describe("grouped folds", () => {
  it("hold each example out once, never split a group, and keep classes balanced", () => {
    const labels = Array.from({ length: 120 }, (_, i) => i % 3);
    const groups = labels.map((label, i) => `${label}:${i % 8}`);
    const folds = groupedFolds(groups, labels, 4, 3);
    expect(folds.flatMap(({ test }) => Array.from(test)).sort((a, b) => a - b)).toEqual(labels.map((_, i) => i));
    for (const { train, test } of folds) {
      const held = new Set(Array.from(test, (i) => groups[i]!));
      expect(Array.from(train).some((i) => held.has(groups[i]!))).toBe(false);
      for (const label of [0, 1, 2])
        expect(Array.from(test).filter((i) => labels[i] === label).length).toBeGreaterThanOrEqual(5);
    }
  });

  it("refuse a class that has a single group", () => {
    expect(() => groupedFolds(["a", "a", "b", "c"], [0, 0, 1, 1], 2, 1)).toThrow("every example of class 0");
    expect(() => groupedFolds(["a", "b"], [0, 1], 3, 1)).toThrow("Can't make 3 folds of 2 groups");
  });
});

describe("control tasks", () => {
  it("give each type one label", () => {
    const types = Array.from({ length: 60 }, (_, i) => i % 12);
    const control = controlLabels(
      types,
      types.map((t) => t % 3),
      1,
    );
    expect(Array.from(control)).toEqual(types.map((type) => control[type]));
  });

  it("selectivity is high for a feature of the task and near 0 where only types can be told", () => {
    const types = Array.from({ length: 160 }, (_, i) => i % 16);
    const labels = types.map((type) => type % 2);
    const folds = groupedFolds(
      types.map((_, i) => i),
      labels,
      5,
      1,
    );
    const general = noisy(160, 20, labels, 1.5, 3);
    expect(selectivity(general, labels, types, folds, 2).selectivity).toBeGreaterThan(0.25);
    const oneHot = dense(
      160,
      16,
      types.flatMap((type) => Array.from({ length: 16 }, (_, j) => (j === type ? 1 : 0))),
    );
    const memorised = selectivity(oneHot, labels, types, folds, 2);
    expect(memorised.task).toBeGreaterThan(0.95);
    expect(Math.abs(memorised.selectivity)).toBeLessThan(0.05);
    expect(accuracy(labels, labels)).toBe(1);
  });
});

describe("ridge regression", () => {
  it("agrees with scikit-learn with more examples than features and with fewer", () => {
    for (const { x, y, penalty, weights, intercept } of golden("ridge").cases) {
      const fit = fitRidge(matrix(x), matrix(y), penalty);
      expectClose(fit.weights.data, weights.data, 1e-9);
      expectClose(fit.intercept, intercept, 1e-9);
      expect(applyRidge(fit, matrix(x)).rows).toBe(x.rows);
    }
  });
});

describe("held-out variance explained", () => {
  const generator = random(11);
  const documents = Array.from({ length: 600 }, (_, i) => Math.floor(i / 20));
  const groups = documents.map(() => generator.int(40));

  it("finds the share that groups were given, 0 for what they don't move", () => {
    // Column 0: group effect and noise of equal variance, so the truth is 1/2; column 1: noise alone.
    const effects = Array.from({ length: 40 }, () => generator.normal());
    const values = dense(
      600,
      2,
      groups.flatMap((g) => [effects[g]! + generator.normal(), generator.normal()]),
    );
    const found = varianceExplained(values, groups, { units: documents, seed: 1 });
    expect(found.columns[0]).toBeGreaterThan(0.35);
    expect(found.columns[0]).toBeLessThan(0.6);
    expect(Math.abs(found.columns[1]!)).toBeLessThan(0.25);
    // Means of small groups predict noise badly, and so do permuted ones: the null tells how badly.
    expect(Math.abs(found.columns[1]! - found.nullColumns[1]!)).toBeLessThan(0.12);
    expect(found.pooled).toBeGreaterThan(Math.max(...found.nullPooled));
  });

  it("does not learn a document's own level where documents are the units", () => {
    const levels = Array.from({ length: 30 }, () => 5 * generator.normal());
    const values = dense(
      600,
      1,
      documents.map((d) => levels[d]! + generator.normal()),
    );
    expect(varianceExplained(values, documents, { units: documents, seed: 1 }).pooled).toBeLessThan(0.05);
    expect(varianceExplained(values, documents, { seed: 1 }).pooled).toBeGreaterThan(0.8);
  });
});
