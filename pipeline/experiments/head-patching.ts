import type { PairPrompts } from "../artifacts/content/prompts/pairs.ts";
import { missingTable } from "../artifacts/missing.ts";
import { curvesTable, quantitiesTable, seriesTable } from "../artifacts/tables.ts";
import type { Experiment, ExperimentContext } from "./experiment.ts";
import { groupCount } from "./heads/cases.ts";
import { accuracyEstimates, accuracyIds, headEstimates, headIds, type RandomFound } from "./heads/head-estimates.ts";
import { balanceTable, headCurves, headTable, quantitiesOf, SERIES } from "./heads/head-report.ts";
import { isDone, measureTask, type PairedTask, pairedTasks, type TaskFound } from "./heads/measure-task.ts";
import { patchHeads } from "./heads/patch-heads.ts";
import { writtenWords } from "./heads/written-words.ts";
import { randomModels, seedsFrom } from "./support/random-models.ts";

const parameters = { heads: 30, readers: 5, leastGroups: 8, randomSeeds: 3 };

/** Which attention heads carry a cue to the word that it decides. Protocol: content/experiments/head-patching.mdx. */
export const experiment: Experiment<typeof parameters> = {
  id: "head-patching",
  version: 1,
  seed: 20261128,
  parameters,
  inputs: { prompts: ["pairs"], corpora: [] },
  async run(context, settings) {
    const { model, tokenizer, seed, signal, progress } = context;
    const { nLayers, nHeads } = model.config;
    const { tasks } = context.prompts("pairs") as PairPrompts;
    const { usable, left } = pairedTasks(tasks, tokenizer, settings.leastGroups);
    const margins = await cleanMargins(context, usable);
    const done = usable.filter(({ cases }, t) => isDone(cases, margins[t]!, seed));
    const found: TaskFound[] = [];
    for (const [t, paired] of done.entries())
      found.push(
        await measureTask(
          model,
          paired,
          settings,
          seed,
          (share, what) => progress((0.9 * (t + share)) / done.length, `${paired.task.id}: ${what}`),
          signal,
        ),
      );
    const random = await randomFound(context, usable, settings.randomSeeds, found);
    const randomOf = ({ task }: PairedTask) => random[usable.findIndex((each) => each.task === task)]!;
    return {
      tables: {
        curves: curvesTable(found.flatMap((each) => headCurves(each, randomOf(each), nHeads, seed))),
        quantities: quantitiesTable(quantitiesOf(found.map(({ task }) => task))),
        series: seriesTable(SERIES),
        heads: headTable(found, nHeads, seed),
        balance: balanceTable([...usable, ...left]),
        ...missingTable([
          ...left.flatMap(({ task, choosing, cases }) =>
            [...accuracyIds(task.id), ...headIds(task.id)].map((estimate) => ({
              estimate,
              why: `this tokenizer leaves ${Math.min(groupCount(choosing), groupCount(cases))} groups of prompts of equal length in one of the splits, and ${settings.leastGroups} are needed`,
            })),
          ),
          ...usable.flatMap(({ task, cases }, t) =>
            done.some((each) => each.task === task)
              ? []
              : headIds(task.id).map((estimate) => ({ estimate, why: notDone(cases.length, margins[t]!) })),
          ),
        ]),
      },
      estimates: [
        ...usable.flatMap((paired, t) =>
          accuracyEstimates(paired.task.id, paired.task.title, paired.cases, margins[t]!, randomOf(paired), seed),
        ),
        ...found.flatMap((each) => headEstimates(each, randomOf(each), nLayers * nHeads, seed)),
      ],
    };
  },
};

const notDone = (prompts: number, margins: Float64Array) =>
  `the model has ${margins.filter((margin) => margin > 0).length} of ${prompts} prompts of this task right, which is not above chance, and what isn't done has no heads that do it`;

/** Margins of each task's held-out cases, nothing changed. */
async function cleanMargins({ model, signal }: ExperimentContext, tasks: readonly PairedTask[]) {
  const margins: Float64Array[] = [];
  for (const { cases } of tasks) margins.push((await patchHeads(model, cases, [], signal)).clean);
  return margins;
}

/** What random weights do on each task; their heads' writes on those that the model does. */
async function randomFound(
  context: ExperimentContext,
  tasks: readonly PairedTask[],
  seeds: number,
  found: readonly TaskFound[],
): Promise<RandomFound[]> {
  const { seed, signal, progress } = context;
  const sums = tasks.map(({ task, cases }) => {
    const measured = found.find((each) => each.task === task);
    return {
      right: new Float64Array(cases.length),
      ...(measured && { written: new Float64Array(measured.written.length) }),
    };
  });
  for await (const { model, turn } of randomModels(context, "permuted", seedsFrom(seed, seeds))) {
    const margins = await cleanMargins({ ...context, model }, tasks);
    for (const [t, { cases }] of tasks.entries()) {
      const { right, written } = sums[t]!;
      margins[t]!.forEach((margin, i) => {
        right[i]! += Number(margin > 0) / seeds;
      });
      if (!written) continue;
      (await writtenWords(model, cases, seed, signal)).forEach((value, i) => {
        written[i]! += value / seeds;
      });
    }
    progress(0.9 + (0.1 * (turn + 1)) / seeds, "random weights");
  }
  return sums;
}
