import type { Command } from "commander";
import { costOf } from "../../../jobs/costs.ts";
import { makePlan } from "../../../jobs/plan.ts";
import { durationText } from "../duration.ts";
import { badUse, run } from "../errors.ts";
import { wholeNumber } from "../whole-number.ts";
import { nothingStale } from "./nothing-stale.ts";
import { onePromptSet } from "./one-prompt-set.ts";
import { overheadOn } from "./overhead.ts";

interface Options {
  artifacts: number;
  results: number;
  seconds: string;
  model: string;
  only?: string[];
  rounds: number;
  json?: boolean;
}

/** What an experiment took when it was last measured. */
interface Recorded {
  readonly experiment: string;
  readonly seconds: number;
  readonly peak_mib: number | undefined;
}

/** Adds `bench regenerate`: what the pipeline adds to the experiments that it runs, and what each of them costs. */
export function addRegenerate(bench: Command): void {
  bench
    .command("regenerate")
    .description(
      "what measuring takes where nothing is stale, where one prompt set was changed, and beyond the bare experiments; and what each experiment costs, by its last run",
    )
    .option("--artifacts <n>", "artifacts in the vault where nothing is stale", wholeNumber, 1000)
    .option("--results <n>", "results of the prompt set that is changed; as many of another one stay", wholeNumber, 4)
    .option("--seconds <s>", "each of them takes", "20")
    .option("--model <id>", "whose experiments are run bare and measured", "soundings-2m")
    .option("--only <experiment...>", "only these of them")
    .option("--rounds <n>", "the least of so many counts", wholeNumber, 3)
    .option("--json", "one JSON object on standard output")
    .action(run(benchRegenerate));
}

async function benchRegenerate(options: Options): Promise<undefined> {
  const { artifacts, results, rounds, model, only, json } = options;
  const seconds = Number(options.seconds);
  if (!(seconds > 0)) throw badUse(`--seconds ${options.seconds}: give more than 0.`);
  const say = (what: string) => process.stderr.write(`${what}\n`);
  say(`${artifacts} artifacts, nothing stale`);
  const nothing_stale_s = await nothingStale(artifacts, rounds);
  say(`one prompt set changed: ${results} results of ${seconds} s`);
  const prompt_set = await onePromptSet(results, seconds);
  say(`${model}: bare, and measured from nothing`);
  const overhead = await overheadOn(model, only, rounds);
  const result = { artifacts, nothing_stale_s, prompt_set, overhead: { model, ...overhead }, costs: await costs() };
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : textOf(result));
}

/** By model, of all that is measured here. */
async function costs(): Promise<Readonly<Record<string, readonly Recorded[]>>> {
  const root = process.cwd();
  const { jobs } = await makePlan(root);
  const known = jobs.flatMap((job) => {
    const own = costOf(root, { job });
    if (own.seconds === undefined) return [];
    const pieces = job.shards.map((shard) => costOf(root, { job, shard }));
    const seconds = own.seconds + (own.shardSeconds ?? 0);
    const peak = Math.max(...[own, ...pieces].map(({ mib }) => mib ?? 0));
    return [{ model: job.model, experiment: job.experiment, seconds, peak_mib: peak || undefined }];
  });
  const byModel = Object.groupBy(known, ({ model }) => model);
  return Object.fromEntries(
    Object.entries(byModel).map(([model, rows]) => [model, rows!.map(({ model: _, ...row }) => row)]),
  );
}

function textOf({
  artifacts,
  nothing_stale_s,
  prompt_set: { results, took_s, costs_s },
  overhead: { model, experiments, bare_s, measured_s },
  costs,
}: {
  artifacts: number;
  nothing_stale_s: number;
  prompt_set: { results: number; took_s: number; costs_s: number };
  overhead: { model: string; experiments: number; bare_s: number; measured_s: number };
  costs: Readonly<Record<string, readonly Recorded[]>>;
}): string {
  const over = (a: number, b: number) => `${(100 * (a / b - 1)).toFixed(1)} %`;
  return [
    `- ${artifacts} artifacts, nothing stale: ${nothing_stale_s.toFixed(2)} s`,
    `- one prompt set changed: its ${results} results, and no other, in ${took_s.toFixed(1)} s; by their own records they cost ${costs_s.toFixed(1)} s (${over(took_s, costs_s)} more)`,
    `- ${experiments} experiments on ${model}: bare ${bare_s.toFixed(1)} s, measured from nothing ${measured_s.toFixed(1)} s (${over(measured_s, bare_s)} more)`,
    ...Object.entries(costs).flatMap(([id, rows]) => costTable(id, rows)),
    "",
  ].join("\n");
}

function costTable(model: string, rows: readonly Recorded[]): string[] {
  const total = rows.reduce((sum, { seconds }) => sum + seconds, 0);
  return [
    "",
    `Costs on ${model}, by the last run of each: ${durationText(total)} in all`,
    "",
    "| experiment | s | peak MiB |",
    "|---|---:|---:|",
    ...rows.map(
      ({ experiment, seconds, peak_mib }) =>
        `| ${experiment} | ${seconds.toFixed(1)} | ${peak_mib ?? "not recorded"} |`,
    ),
  ];
}
