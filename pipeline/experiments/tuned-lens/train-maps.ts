import { rolesOf } from "../../engine/architectures/index.ts";
import { residualDepths } from "../../engine/tails/logit-lens.ts";
import { sampler } from "../../engine/train/sampler.ts";
import { startingFrom } from "../../engine/train/starting-from.ts";
import type { Batch } from "../../engine/train/task.ts";
import { readOuts } from "../../engine/train/tasks/read-outs.ts";
import type { RunShard } from "../experiment.ts";
import { lensSums } from "../lens/lens-sums.ts";
import { readLens } from "../lens/read-lens.ts";
import { column } from "../support/column.ts";
import { sampledDepths } from "../support/depths.ts";
import { middleNorms, ordinaryPositions } from "../support/sinks.ts";
import { fitMaps } from "./fit-maps.ts";
import { fittedTo } from "./fitted-to.ts";
import { type AffineMap, fromStandard, inStandard } from "./least-squares.ts";
import { normedStates, stateKeeper } from "./normed-states.ts";
import { sumsTable } from "./sums-table.ts";
import { type TextOptions, textsOf } from "./texts.ts";

interface Parameters extends TextOptions, Record<string, number> {
  readonly seed: number;
  readonly rows: number;
  readonly rate: number;
}

/** Trains the maps of the sampled depths on KL, from the closed form on, and reads the test passages through them. */
export const runShard: RunShard<Parameters> = async (context, parameters) => {
  const { model, signal } = context;
  const { seed, rows, rate } = parameters;
  const { nLayers, dModel } = model.config;
  const sampled = sampledDepths(nLayers);
  const fitted = sampled.slice(0, -1);
  const streams = residualDepths(nLayers);
  const texts = textsOf(context.tokenizer, parameters, seed);
  const ordinary = ordinaryPositions(await middleNorms(model, texts.fit, signal));
  const keeper = stateKeeper(ordinary, sampled.length * dModel);
  const [start] = await fitMaps(model, [{ depths: fitted }], {
    sequences: texts.fit,
    ordinary,
    seed,
    signal,
    also: normedStates(sampled.map((depth) => streams[depth]!)),
    beside: keeper.beside,
    progress: (share) => context.progress(0.1 * share, "closed form"),
  });
  const unembedding = await model.parameter(rolesOf(model.config).unembedding);
  const names = fitted.map((depth) => `depth_${depth}`);
  const standard = start!.map(inStandard);
  const task = startingFrom(
    readOuts({ names, unembedding: { ...unembedding, shape: [...unembedding.shape] }, model: model.id }),
    Object.fromEntries(
      standard.flatMap(({ weight, constant }, i) => [
        [`${names[i]}.weight`, weight],
        [`${names[i]}.bias`, constant],
      ]),
    ),
    "closed form",
  );
  const take = sampler(seed, keeper.kept.length, rows);
  const steps = Math.floor(keeper.kept.length / rows);
  const trained = await context.train(
    "maps",
    {
      task,
      batches: {
        key: { seed, rows, positions: keeper.kept.length },
        at: (step) => batchOf(keeper.kept, take(step), start!, dModel),
      },
      recipe: {
        seed,
        steps,
        learningRate: { shape: "cosine", peak: rate, steps, warmup: Math.ceil(steps / 20) },
        clip: 1,
      },
    },
    (share) => context.progress(0.1 + 0.75 * share, "training on KL"),
  );
  const maps = names.map((name, i) =>
    fromStandard(
      trained.parameters[`${name}.weight`]!.data as Float32Array,
      trained.parameters[`${name}.bias`]!.data as Float32Array,
      start![i]!.standard,
    ),
  );
  const kept = ordinaryPositions(await middleNorms(model, texts.test, signal));
  const readings = await readLens(fittedTo(model, fitted, maps), texts.test, {
    points: sampled.map((depth) => streams[depth]!),
    topK: 1,
    signal,
    progress: (share) => context.progress(0.87 + 0.13 * share, "reading the test"),
  });
  const { loss } = trained.curve;
  const mean = (from: number, to: number) => loss.slice(from, to).reduce((a, b) => a + b, 0) / (to - from);
  const edge = Math.min(10, steps);
  return {
    sums: sumsTable(readings.map((reading, i) => lensSums(reading, kept[i]!, sampled, sampled))),
    training: {
      title: "Training of the maps on KL",
      columns: [column("what", "string", "", "what is counted"), column("value", "number", "", "how many, or nats")],
      rows: [
        ["documents fitted on", texts.fit.length],
        ["positions fitted on", keeper.kept.length],
        ["maps", names.length],
        ["steps", steps],
        ["positions in a step", rows],
        ["mean KL of a map over the first steps, nats", mean(0, edge) / names.length],
        ["mean KL of a map over the last steps, nats", mean(steps - edge, steps) / names.length],
      ],
    },
  };
};

/** States [row, depth, d] in each map's coordinates of variance one, and final states [row, d]. */
function batchOf(kept: readonly Float32Array[], chosen: Int32Array, maps: readonly AffineMap[], width: number): Batch {
  const states = new Float32Array(chosen.length * maps.length * width);
  const final = new Float32Array(chosen.length * width);
  chosen.forEach((position, row) => {
    const from = kept[position]!;
    maps.forEach(({ standard: { mean, scale } }, i) => {
      const at = (row * maps.length + i) * width;
      for (let j = 0; j < width; j++) states[at + j] = (from[i * width + j]! - mean[j]!) / scale[j]!;
    });
    final.set(from.subarray(maps.length * width), row * width);
  });
  return {
    states: { type: "float32", shape: [chosen.length, maps.length, width], data: states },
    final: { type: "float32", shape: [chosen.length, width], data: final },
  };
}
