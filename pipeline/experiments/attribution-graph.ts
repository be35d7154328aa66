import type { PairPrompts } from "../artifacts/content/prompts/pairs.ts";
import { missingTable } from "../artifacts/missing.ts";
import type { Experiment } from "./experiment.ts";
import { graphEstimates, graphIds, graphTables } from "./graph/graph-estimates.ts";
import { type Measured, measureGraph } from "./graph/measure-graph.ts";
import type { Case } from "./heads/cases.ts";
import { pairedTasks } from "./heads/measure-task.ts";
import { patchHeads } from "./heads/patch-heads.ts";

const parameters = { prompts: 4, units: 24, edges: 2, leastGroups: 8, least: 8 };

/** Graphs of MLP units for single prompts. Protocol: content/experiments/attribution-graph.mdx. */
export const experiment: Experiment<typeof parameters> = {
  id: "attribution-graph",
  version: 1,
  seed: 20261128,
  parameters,
  inputs: { prompts: ["pairs"], corpora: [] },
  async run(context, { prompts, units: count, edges, leastGroups, least }) {
    const { model, tokenizer, seed, signal, progress } = context;
    const { tasks } = context.prompts("pairs") as PairPrompts;
    const { usable } = pairedTasks(tasks, tokenizer, leastGroups);
    const chosen: { task: string; prompt: Case }[] = [];
    for (const { task, cases } of usable) {
      const { clean, corrupted } = await patchHeads(model, cases, [], signal);
      // One prompt a group, of pairs of which the model has both prompts right: a wrong one has no answer to trace.
      const right = cases.filter((one, i) => {
        const first = cases.findIndex(({ group }) => group === one.group) === i;
        return first && clean[i]! > 0 && corrupted[i]! < 0;
      });
      chosen.push(...right.slice(0, prompts).map((prompt) => ({ task: task.id, prompt })));
    }
    if (chosen.length < least)
      return {
        tables: missingTable(
          graphIds().map((estimate) => ({
            estimate,
            why: `the model has both prompts right in ${chosen.length} of the pairs that were to be looked at, and ${least} are needed`,
          })),
        ),
        estimates: [],
      };
    const found: Measured[] = [];
    for (const [i, { task, prompt }] of chosen.entries()) {
      found.push(await measureGraph(model, task, prompt, { count, edges, seed: seed + i }, signal));
      progress((i + 1) / chosen.length, `${task}: graph ${i + 1} of ${chosen.length}`);
    }
    return { tables: graphTables(found, (id) => tokenizer.token(id)), estimates: graphEstimates(found, seed) };
  },
};
