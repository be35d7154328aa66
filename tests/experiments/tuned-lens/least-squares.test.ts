import { describe, expect, it } from "vitest";
import {
  type AffineMap,
  fitAffine,
  fromStandard,
  inStandard,
  joined,
  type Moments,
} from "../../../pipeline/experiments/tuned-lens/least-squares.ts";
import { random } from "../../../pipeline/statistics/random.ts";

const D = 6;

function momentsOf(rows: readonly (readonly [number[], number[]])[]): Moments {
  const count = rows.length;
  const mean = (which: 0 | 1) =>
    Float64Array.from({ length: D }, (_, j) => rows.reduce((sum, row) => sum + row[which][j]!, 0) / count);
  const [meanX, meanY] = [mean(0), mean(1)];
  const across = (which: 0 | 1, means: Float64Array) => {
    const out = new Float64Array(D * D);
    for (const row of rows)
      for (let i = 0; i < D; i++)
        for (let j = 0; j < D; j++) out[i * D + j]! += (row[0][i]! - meanX[i]!) * (row[which][j]! - means[j]!);
    return out;
  };
  return { count, meanX, meanY, xx: across(0, meanX), xy: across(1, meanY) };
}

/** y = A x + b and noise, with coordinates of x of very different size and place. */
function sample(count: number, noise: number, seed: number) {
  const { normal } = random(seed);
  const weight = Array.from({ length: D * D }, () => normal());
  const bias = Array.from({ length: D }, () => 3 * normal());
  const rows = Array.from({ length: count }, () => {
    const x = Array.from({ length: D }, (_, j) => 10 ** (j - 2) * normal() + (j === 5 ? 5000 : 0));
    const y = bias.map(
      (b, out) => x.reduce((sum, v, j) => sum + (weight[out * D + j]! * v) / 10 ** (j - 2), b) + noise * normal(),
    );
    return [x, y] as [number[], number[]];
  });
  return { rows, weight };
}

const applied = ({ weight, bias }: AffineMap, x: readonly number[]) =>
  Array.from(bias, (b, out) => x.reduce((sum, v, j) => sum + weight[out * D + j]! * v, b));

const unexplained = (map: AffineMap, rows: readonly (readonly [number[], number[]])[]) => {
  const means = Array.from({ length: D }, (_, j) => rows.reduce((sum, [, y]) => sum + y[j]!, 0) / rows.length);
  let [left, all] = [0, 0];
  for (const [x, y] of rows) {
    const found = applied(map, x);
    y.forEach((v, j) => {
      left += (v - found[j]!) ** 2;
      all += (v - means[j]!) ** 2;
    });
  }
  return left / all;
};

describe("affine maps in closed form", () => {
  it("find a planted map, whatever the coordinates' sizes, on rows that they were not fitted on", () => {
    const { rows } = sample(800, 0.1, 1);
    const map = fitAffine(momentsOf(rows.slice(0, 600)), 1e-6);
    expect(unexplained(map, rows.slice(600))).toBeLessThan(0.01);
  });

  it("tell no more than the mean where states and targets are paired at random", () => {
    const { rows } = sample(800, 0.1, 1);
    const dealt = random(2).shuffle([...rows.keys()]);
    const exchanged = rows.map(([x], i) => [x, rows[dealt[i]!]![1]] as [number[], number[]]);
    const map = fitAffine(momentsOf(exchanged.slice(0, 600)), 1e-3);
    expect(unexplained(map, rows.slice(600))).toBeGreaterThan(0.95);
  });

  it("moments of parts, joined, are those of the whole", () => {
    const { rows } = sample(90, 1, 3);
    const whole = momentsOf(rows);
    const parts = joined(joined(undefined, momentsOf(rows.slice(0, 20))), momentsOf(rows.slice(20)));
    for (const key of ["meanX", "meanY", "xx", "xy"] as const)
      parts[key].forEach((value, i) => {
        expect(value / (whole[key][i]! || 1)).toBeCloseTo(1, 6);
      });
    expect(parts.count).toBe(90);
  });

  it("the map in coordinates of variance one is the same map, and a dead coordinate has no weight", () => {
    const { rows } = sample(300, 0.1, 4);
    const dead = rows.map(([x, y]) => [x.with(2, 7), y] as [number[], number[]]);
    const map = fitAffine(momentsOf(dead), 1e-3);
    const { weight, constant } = inStandard(map);
    const again = fromStandard(weight, constant, map.standard);
    const [x] = dead[0]!;
    applied(again, x).forEach((value, j) => {
      expect(value).toBeCloseTo(applied(map, x)[j]!, 1);
    });
    for (let out = 0; out < D; out++) expect(map.weight[out * D + 2]).toBe(0);
  });
});
