import { missingTable } from "../artifacts/missing.ts";
import { curvesTable, quantitiesTable, type Series, seriesTable } from "../artifacts/tables.ts";
import {
  ablatedMargins,
  type Encoded,
  encodeItem,
  isTold,
  margins,
  meanWrites,
} from "./dissociation/ablated-margins.ts";
import {
  accuracyEstimates,
  accuracyIds,
  agreementEstimates,
  agreementIds,
  baselineOf,
} from "./dissociation/estimates.ts";
import { damageOf, tasksOf } from "./dissociation/items.ts";
import { damageCurves, damageQuantities, taskTable } from "./dissociation/report.ts";
import type { Experiment, ExperimentContext } from "./experiment.ts";
import { randomModels, seedsFrom } from "./support/random-models.ts";

interface Parameters extends Record<string, number> {
  /** Templates a task, each with two or four items. */
  readonly framesPerTask: number;
  /** … and the fewest: halves of fewer are no profile. */
  readonly leastFrames: number;
  readonly resamples: number;
  /** Halvings of the items that every agreement is averaged over. */
  readonly splits: number;
  /** Deals of the task labels for the control. */
  readonly shuffles: number;
  readonly randomSeeds: number;
}

/** Do different tasks depend on different sublayers? Mean-ablates each of them and compares the profiles of damage. */
export const experiment: Experiment<Parameters> = {
  id: "sublayer-dissociation",
  version: 1,
  seed: 20261122,
  parameters: { framesPerTask: 12, leastFrames: 6, resamples: 2000, splits: 10, shuffles: 5, randomSeeds: 3 },
  inputs: { prompts: ["tasks"], corpora: [] },
  async run(context, parameters) {
    const { tokenizer, model, signal, progress, seed } = context;
    const told = tasksOf(context.prompts("tasks"), parameters.framesPerTask, (item) => isTold(item, tokenizer));
    const all = told.filter(({ frames }) => frames.length >= parameters.leastFrames);
    const left = told.filter((task) => !all.includes(task));
    const encoded = all.map(({ frames }) => frames.map((frame) => frame.map((item) => encodeItem(item, tokenizer))));
    const flat = encoded.flat(2);
    const clean = await margins(model, flat, signal);
    const random = await randomAccuracies(context, parameters.randomSeeds, flat);
    progress(0.15, "clean passes");
    const baselines = all.map((task, t) => baselineOf(task, t, all, clean, random, parameters.resamples, seed));
    const kept = all.map((_, t) => t).filter((t) => baselines[t]!.model.lo > 0.5);
    const damage = kept.length > 1 ? damageOf(all, kept, clean, await ablated(context, flat)) : undefined;
    const names = kept.map((t) => all[t]!);
    return {
      tables: {
        ...(damage && {
          curves: curvesTable(damageCurves(names, damage, parameters, seed)),
          quantities: quantitiesTable(damageQuantities(names)),
          series: seriesTable(SERIES),
        }),
        tasks: taskTable(all, baselines, kept),
        ...missingTable([
          ...left.flatMap((task) =>
            accuracyIds(task).map((estimate) => ({
              estimate,
              why: `this tokenizer tells the answers from the foils in ${task.frames.length} of the task's frames, and ${parameters.leastFrames} are needed`,
            })),
          ),
          ...(damage ? [] : agreementIds()).map((estimate) => ({
            estimate,
            why: `${kept.length} of ${told.length} tasks are done above chance by this model, and profiles are compared between two or more`,
          })),
        ]),
      },
      estimates: [
        ...accuracyEstimates(all, baselines),
        ...(damage ? agreementEstimates(damage, parameters, seed) : []),
      ],
    };
  },
};

const SERIES: readonly Series[] = [
  { series: "model", label: "this task", role: "measurement", about: "the task's own items" },
  { series: "SL", label: "shuffled tasks", role: "control", about: "as many frames dealt out of all the tasks" },
];

/** Margins with each sublayer mean-ablated, [items × sublayers]. */
async function ablated({ model, signal, progress }: ExperimentContext, items: readonly Encoded[]) {
  const means = await meanWrites(model, items, signal);
  const done = (share: number) => progress(0.15 + 0.8 * share, "sublayers ablated");
  return ablatedMargins(model, items, means, done, signal);
}

/** Share of the random models that get each item right. */
async function randomAccuracies(
  context: ExperimentContext,
  seeds: number,
  items: readonly Encoded[],
): Promise<Float64Array> {
  const right = new Float64Array(items.length);
  for await (const { model } of randomModels(context, "permuted", seedsFrom(context.seed, seeds)))
    for (const [i, margin] of (await margins(model, items, context.signal)).entries())
      right[i]! += Number(margin > 0) / seeds;
  return right;
}
