import { expect, test } from "vitest";
import {
  STATISTICS,
  type Statistic,
  writeStatistics,
} from "../../../pipeline/experiments/residual/write-statistics.ts";
import { random } from "../../../pipeline/statistics/random.ts";

const WIDTH = 64;
const { normal } = random(5);
const vector = () => Float64Array.from({ length: WIDTH }, () => normal());
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
const norm = (a: Float64Array) => Math.sqrt(dot(a, a));
const plus = (a: Float64Array, b: Float64Array, k = 1) => a.map((v, i) => v + k * b[i]!);

function statistics(h: Float64Array, write: Float64Array, final: Float64Array, r = vector()) {
  const vectors = [h, write, final, r, vector()];
  const gram = vectors.flatMap((a) => vectors.map((b) => dot(a, b)));
  const to = new Float64Array(STATISTICS.length);
  const agreeing = write.reduce((sum, v, i) => sum + (v * h[i]! > 0 ? v * v : 0), 0);
  writeStatistics(gram, 0, agreeing, to);
  return (name: Statistic) => to[STATISTICS.indexOf(name)]!;
}

test("statistics from inner products are those of the vectors themselves", () => {
  const [h, write, later] = [vector(), vector(), vector()];
  const final = plus(plus(h, write), later);
  const of = statistics(h, write, final);
  const other = plus(final, write, -1);
  const rest = plus(h, other, -dot(h, other) / dot(other, other));
  const after = plus(h, write);
  expect(of("ratio")).toBeCloseTo(norm(write) / norm(h), 10);
  expect(of("cosine")).toBeCloseTo(dot(h, write) / norm(h) / norm(write), 10);
  expect(of("growth")).toBeCloseTo(norm(after) / norm(h), 10);
  expect(of("turn")).toBeCloseTo((Math.acos(dot(h, after) / norm(h) / norm(after)) * 180) / Math.PI, 6);
  expect(of("final")).toBeCloseTo(dot(write, other) / norm(write) / norm(other), 10);
  expect(of("rest")).toBeCloseTo(dot(write, rest) / norm(write) / norm(rest), 10);
});

test("a write that goes where the stream ends and takes from the rest is seen as that", () => {
  const [end, side] = [vector(), vector()];
  const h = plus(end, side);
  const write = plus(end, side, -0.9);
  // Later writes go on in the same direction.
  const of = statistics(h, write, plus(plus(h, write), end, 8));
  expect(of("final")).toBeGreaterThan(0.3);
  expect(of("rest")).toBeLessThan(-0.3);
});

test("random writes neither go where the stream ends nor take from the rest, though the end holds them", () => {
  const sums = { final: 0, rest: 0, cosine: 0, withIt: 0 };
  const trials = 2000;
  for (let i = 0; i < trials; i++) {
    const [h, write, later] = [vector(), vector(), vector()];
    const final = plus(plus(h, write), later);
    const of = statistics(h, write, final);
    for (const name of ["final", "rest", "cosine"] as const) sums[name] += of(name) / trials;
    sums.withIt += dot(write, final) / norm(write) / norm(final) / trials;
  }
  // A cosine's standard error here is 1/√(64 · 2000) = 0.003.
  for (const name of ["final", "rest", "cosine"] as const) expect(Math.abs(sums[name])).toBeLessThan(0.012);
  // What leaving the write in would have shown.
  expect(sums.withIt).toBeGreaterThan(0.4);
});

test("the random direction is scaled to the write", () => {
  const [h, write, r] = [vector(), vector(), vector()];
  const scaled = r.map((v) => (v * norm(write)) / norm(r));
  const final = plus(plus(h, write), vector());
  const of = statistics(h, write, final, r);
  expect(of("random-growth")).toBeCloseTo(norm(plus(h, scaled)) / norm(h), 10);
  expect(of("random-cosine")).toBeCloseTo(dot(h, r) / norm(h) / norm(r), 10);
});

test("the last write has no rest to write against", () => {
  const [h, write] = [vector(), vector()];
  expect(statistics(h, write, plus(h, write))("rest")).toBeNaN();
});
