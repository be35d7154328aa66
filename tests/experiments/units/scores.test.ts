import { describe, expect, it } from "vitest";
import { alignmentScore } from "../../../pipeline/experiments/units/alignment-score.ts";
import { clusterScore, contextsOfUnit } from "../../../pipeline/experiments/units/cluster-score.ts";
import { conceptScore } from "../../../pipeline/experiments/units/concept-score.ts";
import { predictorScore } from "../../../pipeline/experiments/units/predictor-score.ts";
import { dealtAnew, oriented } from "../../../pipeline/experiments/units/score-units.ts";
import { random } from "../../../pipeline/statistics/random.ts";
import { categories, concepts, DOCUMENTS, LENGTH, positions, tokens, without } from "./support.ts";

const noise = (seed: number, size = 1) => {
  const { normal } = random(seed);
  return Float32Array.from(tokens, () => size * normal());
};
/** Fires for tokens of a set, with a little noise. */
const detector = (seed: number, of: readonly number[]) =>
  noise(seed, 0.1).map((x, i) => x + Number(of.includes(tokens[i]!)));
const chance = noise(1);

describe("by one concept", () => {
  it("a detector of one token is 0, of two tokens about a half, and noise is 1", () => {
    const one = conceptScore(detector(2, [7]), positions, concepts);
    expect(one.value).toBeLessThan(0.01);
    expect(one.concepts).toEqual([7, 7]);
    expect(conceptScore(detector(3, [7, 9]), positions, concepts).value).toBeGreaterThan(0.3);
    expect(Math.abs(conceptScore(chance, positions, concepts).value - 1)).toBeLessThan(0.03);
  });

  it("its influence is what leaving a document out does", () => {
    const values = noise(4).map((x, i) => x + 2 * Number(tokens[i] === 3));
    const { value, influence } = conceptScore(values, positions, concepts);
    for (const d of [0, 1, 7]) {
      const moved = value - without(d, (rest) => conceptScore(values, rest, concepts).value);
      expect(moved).toBeCloseTo(influence[d]!, 3);
    }
    expect(Math.abs(influence.reduce((a, b) => a + b, 0))).toBeLessThan(1e-9);
  });
});

describe("by one predictor", () => {
  it("what a token explains, it leaves nothing of; of noise it leaves all; it prefers the kind that explains more", () => {
    const byToken = detector(5, [1, 5, 9, 20]);
    expect(predictorScore(byToken, positions, concepts).value).toBeLessThan(0.2);
    const found = predictorScore(
      noise(6, 0.3).map((x, i) => x + categories[i]!),
      positions,
      concepts,
    );
    expect(found.kinds).toEqual([7, 7]);
    const left = predictorScore(chance, positions, concepts).value;
    expect(left).toBeGreaterThan(0.99);
    expect(left).toBeLessThan(1.02);
  });

  it("its influence sums to nothing, as the score has no scale of weights", () => {
    const { influence } = predictorScore(detector(8, [2]), positions, concepts);
    expect(Math.abs(influence.reduce((a, b) => a + b, 0))).toBeLessThan(1e-9);
  });
});

describe("by clusters of contexts", () => {
  const clusters = Int16Array.from(tokens, (token) => token % 8);
  const score = (values: Float32Array) =>
    clusterScore(
      contextsOfUnit(values, positions, () => true, 40),
      clusters,
      positions,
    );

  it("a unit whose contexts are all alike is 0, one of noise meets the clusters at random", () => {
    expect(score(detector(9, [3, 11, 19, 27, 35])).value).toBe(0);
    expect(Math.abs(score(chance).value - 7 / 8)).toBeLessThan(0.05);
  });

  it("takes one context of a document at most, and none that is not known", () => {
    const { top, middle } = contextsOfUnit(chance, positions, (i) => i % 2 === 0, 40);
    for (const of of [top, middle]) {
      expect(of).toHaveLength(40);
      expect(new Set(of.map((i) => Math.floor(i / LENGTH))).size).toBe(40);
      expect(of.every((i) => i % 2 === 0)).toBe(true);
    }
    expect(chance[top[0]!]).toBe(Math.max(...chance.filter((_, i) => i % 2 === 0)));
    expect(chance[middle[0]!]!).toBeLessThan(chance[top[39]!]!);
  });

  it("its influence is what leaving out the document of a context does, to first order", () => {
    const contexts = contextsOfUnit(chance, positions, () => true, 40);
    const { value, influence } = clusterScore(contexts, clusters, positions);
    const document = Math.floor(contexts.top[0]! / LENGTH);
    const rest = {
      top: contexts.top.filter((i) => Math.floor(i / LENGTH) !== document),
      middle: contexts.middle.filter((i) => Math.floor(i / LENGTH) !== document),
    };
    expect(value - clusterScore(rest, clusters, positions).value).toBeCloseTo(influence[document]!, 2);
  });
});

describe("in proportion to a reading", () => {
  it("finds a planted line, and none in noise; of two readings it takes the right one", () => {
    const reading = noise(12);
    const planted = noise(13, 0.5).map((x, i) => x + 1 + 2 * reading[i]!);
    expect(Math.abs(alignmentScore(planted, [noise(14), reading], positions).value - 16 / 17)).toBeLessThan(0.01);
    expect(Math.abs(alignmentScore(chance, [reading], positions).value)).toBeLessThan(0.01);
  });
});

it("reads a unit with the sign of its larger tail", () => {
  const below = detector(15, [4]).map((x) => -x);
  expect(oriented(below).sign).toBe(-1);
  expect(oriented(below).values[0]).toBe(-below[0]!);
  expect(oriented(detector(15, [4])).sign).toBe(1);
});

it("dealt anew, a detector knows nothing of its token any more", () => {
  const order = random(16).shuffle(Array.from({ length: DOCUMENTS }, (_, d) => d));
  const dealt = dealtAnew(detector(17, [6]), order, LENGTH);
  expect(Math.abs(conceptScore(dealt, positions, concepts).value - 1)).toBeLessThan(0.05);
});
