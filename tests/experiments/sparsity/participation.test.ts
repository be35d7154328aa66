import { expect, test } from "vitest";
import { rankRatio } from "../../../pipeline/experiments/sparsity/participation.ts";
import { random } from "../../../pipeline/statistics/random.ts";

const { normal } = random(4);
/** States that vary along `rank` of 12 directions, around a mean that is no direction of theirs. */
const set = (rank: number) => ({
  states: Array.from({ length: 1500 }, () =>
    Float64Array.from({ length: 12 }, (_, d) => 20 + (d < rank ? normal() : 0)),
  ),
  unit: Array.from({ length: 1500 }, (_, i) => i % 60),
});

test("counts directions, whatever the mean, and gives their ratio", () => {
  const { a, b, ratio } = rankRatio(set(3), set(9), 20);
  expect(a).toBeGreaterThan(2.95);
  expect(a).toBeLessThanOrEqual(3 + 1e-9);
  expect(b).toBeGreaterThan(8.8);
  expect(ratio.value).toBeCloseTo(1 / 3, 1);
  expect(ratio.hi).toBeLessThan(0.4);
});

test("two samples of one kind don't differ", () => {
  const { ratio } = rankRatio(set(6), set(6), 20);
  expect(ratio.lo).toBeLessThan(1);
  expect(ratio.hi).toBeGreaterThan(1);
});
