import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { residualDepths } from "../../../pipeline/engine/tails/logit-lens.ts";
import { readOuts } from "../../../pipeline/engine/train/tasks/read-outs.ts";
import { train } from "../../../pipeline/engine/train/train.ts";
import { readLens } from "../../../pipeline/experiments/lens/read-lens.ts";
import { fitMaps } from "../../../pipeline/experiments/tuned-lens/fit-maps.ts";
import { fittedTo } from "../../../pipeline/experiments/tuned-lens/fitted-to.ts";
import type { AffineMap } from "../../../pipeline/experiments/tuned-lens/least-squares.ts";
import { type OpenedLanguageModel, openLanguageModelAt } from "../../../pipeline/runtime/open-model.ts";
import { random } from "../../../pipeline/statistics/random.ts";
import { floats, normals, product, rowsOf, runtime } from "../../engine/train/tasks/support.ts";

const signal = new AbortController().signal;

describe("fitted read-outs of a model", () => {
  let opened: OpenedLanguageModel;
  let sequences: number[][];
  beforeAll(async () => {
    opened = await openLanguageModelAt("tests/golden/tiny/llama-gqa-tied");
    const { int } = random(5);
    const { vocabSize } = opened.model.config;
    sequences = Array.from({ length: 48 }, () => Array.from({ length: 24 }, () => int(vocabSize)));
  });
  afterAll(() => opened?.release());
  const meanKl = async (model = opened.model) => {
    const { nLayers } = model.config;
    const found = await readLens(model, sequences.slice(32), { points: residualDepths(nLayers), topK: 1, signal });
    const sums = new Float64Array(nLayers + 1);
    let count = 0;
    for (const { kl, depths, tokens } of found) {
      kl.forEach((value, i) => {
        sums[i % depths]! += value;
      });
      count += tokens;
    }
    return Array.from(sums, (sum) => sum / count);
  };
  const ordinary = () => sequences.slice(0, 32).map((ids) => ids.map((_, t) => t > 0));

  it("with the identity as map, is the logit lens", async () => {
    const { nLayers, dModel } = opened.model.config;
    const identity: AffineMap = {
      weight: Float32Array.from({ length: dModel ** 2 }, (_, i) => Number(i % (dModel + 1) === 0)),
      bias: new Float32Array(dModel),
      standard: { mean: new Float64Array(dModel), scale: new Float64Array(dModel).fill(1) },
    };
    const every = Array.from({ length: nLayers }, (_, depth) => depth);
    const [raw, same] = [
      await meanKl(),
      await meanKl(
        fittedTo(
          opened.model,
          every,
          every.map(() => identity),
        ),
      ),
    ];
    raw.forEach((kl, depth) => {
      expect(same[depth]).toBeCloseTo(kl, 4);
    });
  });

  it("in closed form, comes nearer to the final prediction than the logit lens, and than maps of pairs exchanged", async () => {
    const { model } = opened;
    const every = Array.from({ length: model.config.nLayers }, (_, depth) => depth);
    const [maps, exchanged] = await fitMaps(model, [{ depths: every }, { depths: every, exchanged: true }], {
      sequences: sequences.slice(0, 32),
      ordinary: ordinary(),
      seed: 1,
      signal,
    });
    const [raw, fitted, blind] = [
      await meanKl(),
      await meanKl(fittedTo(model, every, maps!)),
      await meanKl(fittedTo(model, every, exchanged!)),
    ];
    for (const depth of every) {
      expect(fitted[depth]).toBeLessThan(raw[depth]!);
      expect(fitted[depth]).toBeLessThan(blind[depth]!);
    }
  });

  it("are not told of dimensions that are masked: a map fitted so has no use for them", async () => {
    const { model } = opened;
    const [plain, masked] = await fitMaps(model, [{ depths: [0] }, { depths: [0], without: [3] }], {
      sequences: sequences.slice(0, 32),
      ordinary: ordinary(),
      seed: 1,
      signal,
    });
    const { dModel } = model.config;
    const column = (map: AffineMap) =>
      Array.from({ length: dModel }, (_, out) => Math.abs(map.weight[out * dModel + 3]!)).reduce((a, b) => a + b);
    expect(column(plain![0]!)).toBeGreaterThan(0.01);
    expect(column(masked![0]!)).toBe(0);
  });
});

describe("training read-outs on KL", () => {
  it("finds a planted map, and none from states that have nothing to do with it", async () => {
    const [rows, width, vocabulary] = [1024, 8, 40];
    const unembedding = normals("unembedding", vocabulary, width);
    const final = normals("final", rows, width);
    const mixed = product(final, normals("mixing", width, width)).data;
    const unrelated = normals("unrelated", rows, width).data;
    const states = new Float32Array(2 * rows * width);
    for (let row = 0; row < rows; row++) {
      states.set(mixed.subarray(row * width, (row + 1) * width), 2 * row * width);
      states.set(unrelated.subarray(row * width, (row + 1) * width), (2 * row + 1) * width);
    }
    const data = { states: floats(states, rows, 2, width), final };
    const steps = 1500;
    const { curve } = await train(
      readOuts({ names: ["mixed", "unrelated"], unembedding, model: "planted" }),
      rowsOf(data, 128),
      {
        seed: 1,
        steps,
        learningRate: { shape: "cosine", peak: 0.02, steps },
        heldOut: { every: steps, batches: [data], key: "all" },
      },
      runtime,
    );
    const [before, after] = [curve.heldOut[0]!.metrics, curve.heldOut.at(-1)!.metrics];
    expect(after["kl.mixed"]! / before["kl.mixed"]!).toBeLessThan(0.05);
    expect(after["kl.unrelated"]! / before["kl.unrelated"]!).toBeGreaterThan(0.5);
  });
});
