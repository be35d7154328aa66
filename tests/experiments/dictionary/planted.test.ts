import { expect, it } from "vitest";
import { train } from "../../../pipeline/engine/train/train.ts";
import { activationsOf, codesOf, written } from "../../../pipeline/experiments/dictionary/codes.ts";
import type { Rows } from "../../../pipeline/experiments/dictionary/collect.ts";
import { fitOf, fitted } from "../../../pipeline/experiments/dictionary/fit.ts";
import { scaleOf, standardised } from "../../../pipeline/experiments/dictionary/scale.ts";
import { nearestCosines } from "../../../pipeline/experiments/dictionary/stability.ts";
import { type Lesson, lessonPlan, lessonTask, untrained } from "../../../pipeline/experiments/dictionary/training.ts";
import { nodeRuntime } from "../../../pipeline/runtime/node-runtime.ts";
import { random } from "../../../pipeline/statistics/random.ts";

const [WIDTH, ATOMS, ROWS, K] = [16, 24, 4000, 2];
const runtime = nodeRuntime({ threads: 1 });
const training = { epochs: 60, batch: 256, learningRate: 0.04, warmup: 20 };

/** Unit directions, one for each planted feature. */
const atoms = (seed: number) => {
  const { normal } = random(seed);
  return Array.from({ length: ATOMS }, () => {
    const of = Array.from({ length: WIDTH }, normal);
    return of.map((x) => x / Math.hypot(...of));
  });
};

/** Rows in which two features at a time are written along `directions`, the same ones for the same seed. */
function sparseRows(directions: readonly (readonly number[])[]): Rows {
  const { int, uniform } = random(5);
  const data = new Float32Array(ROWS * WIDTH);
  for (let row = 0; row < ROWS; row++)
    for (let i = 0; i < K; i++) {
      const [atom, size] = [directions[int(ATOMS)]!, 1 + uniform()];
      for (let j = 0; j < WIDTH; j++) data[row * WIDTH + j]! += size * atom[j]!;
    }
  return { width: WIDTH, data };
}

/** Rows of as much variance in every direction: there is no dictionary to find. */
function noise(seed: number): Rows {
  const { normal } = random(seed);
  return { width: WIDTH, data: Float32Array.from({ length: ROWS * WIDTH }, () => normal()) };
}

async function taught(read: Rows, seed: number, target?: Rows) {
  const lesson: Lesson = { read, ...(target && { written: target }), features: 64, k: K, seed };
  const { batches, recipe } = lessonPlan(lesson, training, "test");
  const { parameters } = await train(lessonTask(lesson), batches, recipe, runtime);
  return { lesson, parameters };
}

/** Share of planted directions that some feature writes. */
const recovered = (directions: readonly (readonly number[])[], weights: Parameters<typeof nearestCosines>[0]) => {
  const data = Float32Array.from({ length: WIDTH * ATOMS }, (_, i) => directions[i % ATOMS]![Math.floor(i / ATOMS)]!);
  const planted = { "decoder.weight": { type: "float32" as const, shape: [WIDTH, ATOMS], data } };
  return nearestCosines(planted, weights).filter((cosine) => cosine > 0.9).length / ATOMS;
};

const explained = async (weights: Parameters<typeof codesOf>[1], read: Rows, target: Rows, centred: boolean) => {
  const codes = await codesOf(runtime, weights, read, { k: K, centred });
  const scale = scaleOf(target);
  const rows = fitOf(codes, weights, target, scale, new Set(), new Uint8Array(ROWS).fill(1), 100);
  const of = rows.filter(({ space }) => space === "standard");
  return 1 - of.reduce((sum, { error }) => sum + error, 0) / of.reduce((sum, { total }) => sum + total, 0);
};

it("an autoencoder finds planted features, the same ones from another seed, and explains what random directions can't", async () => {
  const directions = atoms(1);
  const rows = sparseRows(directions);
  const [{ lesson, parameters }, other] = [await taught(rows, 1), await taught(rows, 2)];
  expect(recovered(directions, parameters)).toBeGreaterThan(0.9);
  expect(recovered(directions, untrained(lesson))).toBeLessThan(0.2);
  expect(await explained(parameters, rows, rows, true)).toBeGreaterThan(0.9);
  const start = untrained(lesson);
  const chance = fitted(await codesOf(runtime, start, rows, { k: K, centred: true }), start, rows);
  expect(await explained(chance, rows, rows, true)).toBeLessThan(0.6);
  const used = activationsOf(await codesOf(runtime, parameters, rows, { k: K, centred: true }), [...Array(64).keys()]);
  const often = used.map((values) => values.filter((x) => x > 0.5).length > 100);
  const cosines = nearestCosines(parameters, other.parameters);
  expect(cosines.filter((_, f) => often[f]).every((cosine) => cosine > 0.9)).toBe(true);
});

it("in noise another seed finds other features", async () => {
  const rows = noise(7);
  const [one, other] = [await taught(rows, 1), await taught(rows, 2)];
  const same = nearestCosines(one.parameters, other.parameters).filter((cosine) => cosine > 0.9).length / 64;
  expect(same).toBeLessThan(0.3);
});

it("a transcoder finds what planted features write elsewhere, and nothing where target and input have nothing in common", async () => {
  const [from, to] = [atoms(2), atoms(3)];
  const [read, target] = [sparseRows(from), sparseRows(to)];
  const { parameters } = await taught(read, 1, target);
  expect(recovered(to, parameters)).toBeGreaterThan(0.8);
  expect(await explained(parameters, read, target, false)).toBeGreaterThan(0.8);
  const deaf = await taught(noise(8), 1, target);
  expect(await explained(deaf.parameters, noise(9), target, false)).toBeLessThan(0.1);
});

it("the fit in raw values is dominated by a loud coordinate, and without it is not", () => {
  const rows = noise(10);
  const loud = { width: WIDTH, data: rows.data.map((x, i) => (i % WIDTH === 3 ? 5 + 100 * x : x)) };
  const scale = scaleOf(loud);
  const target = standardised(loud, scale);
  expect(scaleOf(target).mean.every((mean) => Math.abs(mean) < 1e-4)).toBe(true);
  // One feature that writes the loud coordinate alone, exactly.
  const weights = {
    "decoder.weight": { type: "float32" as const, shape: [WIDTH, 2], data: new Float32Array(2 * WIDTH) },
    "decoder.bias": { type: "float32" as const, shape: [WIDTH], data: new Float32Array(WIDTH) },
  };
  weights["decoder.weight"].data.set([1, -1], 3 * 2);
  const values = Float32Array.from({ length: ROWS }, (_, row) => Math.abs(target.data[row * WIDTH + 3]!));
  const at = Int32Array.from({ length: ROWS }, (_, row) => Number(target.data[row * WIDTH + 3]! < 0));
  const codes = { k: 1, features: 2, values, at };
  expect(written(codes, weights).data[3]).toBeCloseTo(target.data[3]!, 5);
  const rowsOf = fitOf(codes, weights, target, scale, new Set([3]), new Uint8Array(ROWS).fill(1), 100);
  const share = (wanted: string) => {
    const of = rowsOf.filter(({ space }) => space === wanted);
    return 1 - of.reduce((sum, { error }) => sum + error, 0) / of.reduce((sum, { total }) => sum + total, 0);
  };
  expect(share("standard")).toBeCloseTo(1 / WIDTH, 1);
  expect(share("raw")).toBeGreaterThan(0.99);
  expect(Math.abs(share("bare"))).toBeLessThan(0.01);
});
