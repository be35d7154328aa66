import { describe, expect, it } from "vitest";
import { rowsOf } from "../../pipeline/artifacts/tables.ts";
import { Graph } from "../../pipeline/engine/graph/graph.ts";
import { serialize } from "../../pipeline/engine/graph/serialize.ts";
import { windowBatches } from "../../pipeline/engine/train/tasks/windows.ts";
import { tinyLlama, trainingFlops } from "../../pipeline/experiments/families/tiny-llama.ts";
import { cheapestFewer, slopes, stepsFrom } from "../../pipeline/experiments/polysemanticity-frontier/frontier.ts";
import { estimatesOf } from "../../pipeline/experiments/polysemanticity-frontier/report.ts";
import { type Outcome, outcomeOf, runsOf, tunedOf } from "../../pipeline/experiments/polysemanticity-frontier/runs.ts";
import { largest, sparseTask } from "../../pipeline/experiments/polysemanticity-frontier/sparse-task.ts";
import { runShard } from "../../pipeline/experiments/polysemanticity-frontier/train.ts";
import {
  NAMES,
  shapeOf,
  stepsOf,
  type VariantName,
} from "../../pipeline/experiments/polysemanticity-frontier/variants.ts";
import { experiment } from "../../pipeline/experiments/polysemanticity-frontier.ts";
import { nodeRuntime } from "../../pipeline/runtime/node-runtime.ts";
import { random } from "../../pipeline/statistics/random.ts";
import { shardContext } from "./support/shard-context.ts";

/** Variants at their places of the plane of loss and meanings; each seed has an offset of its own. */
function planted(
  places: Partial<Record<VariantName, readonly [loss: number, meanings: number]>>,
  noise: number,
  seed: number,
) {
  const { normal } = random(seed);
  const offsets = Array.from({ length: 5 }, () => 0.1 * normal());
  const outcomes = runsOf({ rates: [1, 2, 4], seeds: 5 }).map((run): Outcome => {
    const [loss, meanings] = places[run.variant] ?? [5, 0.4];
    const off = 0.3 * Math.abs(Math.log2(run.rate) - 1);
    // A run's luck shows on all documents alike.
    const luck = loss + off + offsets[run.seed - 1]! + noise * normal();
    const named = { validation: luck, test: luck + 0.1 * noise * normal() };
    return { ...run, ...named, meanings: meanings + noise * normal(), untrained: 0.5, on: 1, alive: 1 };
  });
  const [dense, ...variants] = NAMES.map((name) => tunedOf(outcomes, name));
  return { dense: dense!, variants, of: new Map(estimatesOf(dense!, variants).map((each) => [each.id, each])) };
}

describe("the frontier", () => {
  it("has a price where fewer meanings cost loss, read at the cheapest variant", () => {
    const { of } = planted({ "keep-quarter": [5.05, 0.3], "keep-sixteenth": [5.2, 0.2], wide: [4.99, 0.39] }, 0.002, 1);
    expect(of.get("cheapest-fewer")!.value).toBeCloseTo(0.05, 2);
    expect(of.get("cheapest-fewer")!.lo).toBeGreaterThan(0.04);
    expect(of.get("cheapest-fewer-meanings")!.value).toBeCloseTo(-0.1, 2);
    expect(of.get("frontier-slope")!.hi).toBeLessThan(0);
    expect(of.get("loss-keep-sixteenth")!.value).toBeCloseTo(0.2, 2);
  });

  it("has none where a variant reaches the dense loss with fewer", () => {
    const { of } = planted({ price: [5, 0.2], "keep-quarter": [5.3, 0.3] }, 0.002, 2);
    expect(Math.abs(of.get("cheapest-fewer")!.value)).toBeLessThan(0.01);
    expect(of.get("cheapest-fewer-meanings")!.value).toBeCloseTo(-0.2, 2);
  });

  it("reads the variant with the fewest meanings where none has clearly fewer", () => {
    const { dense, variants } = planted({ wide: [5.1, 0.38], price: [4.9, 0.41] }, 0, 3);
    for (const { loss, meanings } of cheapestFewer(dense, variants)) {
      expect(loss).toBeCloseTo(0.1, 9);
      expect(meanings).toBeCloseTo(-0.02, 9);
    }
  });

  it("isn't flattered by choosing: among variants that cost the same, the chosen one costs as much on the seed left out", () => {
    const price = (seed: number) => {
      const places = Object.fromEntries(NAMES.slice(1).map((name) => [name, [5.05, 0.2] as const]));
      return planted(places, 0.02, seed).of.get("cheapest-fewer")!.value;
    };
    const prices = Array.from({ length: 150 }, (_, i) => price(10 + i));
    expect(prices.reduce((a, b) => a + b) / prices.length).toBeCloseTo(0.05, 2);
  });

  it("compares within seeds", () => {
    const { dense, variants } = planted({ wide: [5.1, 0.3] }, 0, 4);
    for (const step of stepsFrom(dense, variants[0]!)) expect(step.loss).toBeCloseTo(0.1, 9);
    expect(slopes([dense, variants[0]!])[0]).toBeCloseTo(-0.1, 9);
  });
});

describe("the variants", () => {
  it("spend equal compute, and are small", () => {
    const spent = trainingFlops(shapeOf("dense")) * 1200;
    for (const name of NAMES) expect((trainingFlops(shapeOf(name)) * stepsOf(name, 1200)) / spent).toBeCloseTo(1, 2);
    expect(stepsOf("wide", 1200)).toBeLessThan(stepsOf("dense", 1200));
    expect(experiment.shards!.list(experiment.parameters)).toHaveLength(5 * 8 * 4);
  });

  it("keep the values that are largest in size, whatever their sign, and nothing else", async () => {
    const graph = new Graph();
    const kept = largest(graph.input("x", "float32", ["row", 4]), 2);
    const runtime = nodeRuntime({ threads: 1 });
    const session = await runtime.session(serialize(graph, { kept }).bytes, [], { kept });
    const x = { type: "float32" as const, shape: [2, 4], data: Float32Array.of(1, -3, 2, 0.5, 0.1, 0.2, -0.3, 0) };
    const { kept: found } = await session.run({ x }, { row: 2 });
    await session.release();
    expect([...(found!.data as Float32Array)].map((value) => Number(value.toFixed(3)))).toEqual([
      0, -3, 2, 0, 0, 0.2, -0.3, 0,
    ]);
  });

  it("keep few weights to a row, and the unembedding whole", async () => {
    const config = tinyLlama({ ...shapeOf("weights-eighth"), vocabulary: 50, units: 16, depth: 1 });
    const ids = Int32Array.from({ length: 200 }, (_, i) => i % 50);
    const { parameters } = await shardContext().train("model", {
      task: sparseTask(config, { units: 16, weights: 0.125 }),
      batches: windowBatches(ids, { sequences: 2, tokens: 8, seed: 1, text: "counting" }),
      recipe: { seed: 1, steps: 3, learningRate: { shape: "constant", peak: 0.01 } },
    });
    const inRow = (name: string) => {
      const { shape, data } = parameters[name]!;
      const width = shape.at(-1)!;
      return Array.from({ length: shape[0]! }, (_, r) =>
        (data as Float32Array).subarray(r * width, (r + 1) * width).reduce((n, x) => n + Number(x !== 0), 0),
      );
    };
    expect(new Set(inRow("model.embed_tokens.weight"))).toEqual(new Set([8]));
    expect(new Set(inRow("model.layers.0.self_attn.q_proj.weight"))).toEqual(new Set([8]));
    expect(new Set(inRow("model.layers.0.mlp.down_proj.weight"))).toEqual(new Set([2]));
    expect(Math.min(...inRow("lm_head.weight"))).toBeGreaterThan(60);
  });

  it("really train: a tiny shard learns, and is read as it was trained, few units at a time", async () => {
    const parameters = { variant: "keep-sixteenth", rate: 0.004, seed: 1, steps: 6, windows: 1 };
    const tables = await runShard(shardContext(), parameters);
    const [outcome] = rowsOf({ ...tables }, "outcome");
    expect(Number(outcome!.test)).toBeLessThan(Math.log(2048) - 0.3);
    const units = rowsOf({ ...tables }, "units");
    expect(units).toHaveLength(8);
    for (const { on } of units) expect(Number(on)).toBeCloseTo(10 / 170, 3);
    const run = { id: "", variant: "keep-sixteenth", rate: 1, seed: 1 } as const;
    const read = outcomeOf(run, tables);
    expect([read.test, read.on]).toEqual([Number(outcome!.test), expect.closeTo(10 / 170, 3)]);
    expect(read.meanings).toBeGreaterThan(0);
    expect(read.meanings).toBeLessThan(1.05);
    await expect(runShard(shardContext(), { ...parameters, variant: "none" })).rejects.toThrow('no variant "none"');
  }, 600_000);
});
