import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Prompts } from "../../../artifacts/content.ts";
import { folderOf, readArtifact } from "../../../artifacts/store.ts";
import { orderOf } from "../../../jobs/order.ts";
import { makePlan, type Plan } from "../../../jobs/plan.ts";
import { durationText } from "../duration.ts";
import { badUse, run, UserError } from "../errors.ts";
import { makespan, type Work } from "./scaling.ts";

interface Options {
  models: string;
  experiments: string;
  prompts: string;
  shard: string;
  overhead: string;
  json?: boolean;
}

/** What is recorded of one experiment on one model. */
interface Recorded {
  readonly seconds: number;
  /** Items of its prompt sets; 0 where it reads none, and costs the same however many there are. */
  readonly prompts: number;
  /** Of all files of the artifact, and of those that grow with prompts. */
  readonly bytes: number;
  readonly orderBytes: number;
}

/** What an order holds of each shard that it gathers: its name and its key, in JSON. */
const SHARD_BYTES = JSON.stringify({ "shard-000": "0".repeat(64) }).length - 1;
const WORKERS = [1, 2, 4, 16, 64, 256];

/** Adds `bench plan`: what many models, experiments and prompts would cost, by what has been recorded here. */
export function addPlan(bench: Command): void {
  bench
    .command("plan")
    .description(
      "what many models, experiments and prompts would take of time, queue, store and repository: a simulation with recorded costs",
    )
    .option("--models <n>", "models, each as dear as those measured here", "100")
    .option("--experiments <n>", "experiments, as dear as those measured here, taken in turn", "20")
    .option("--prompts <n>", "prompts of each experiment that reads any", "10000")
    .option("--shard <n>", "prompts of one shard", "500")
    .option("--overhead <s>", "seconds between two units of a worker, as `bench queue` finds them", "1")
    .option("--json", "one JSON object on standard output")
    .action(run(benchPlan));
}

async function benchPlan(options: Options): Promise<undefined> {
  const [models, experiments, prompts, shard] = (["models", "experiments", "prompts", "shard"] as const).map((name) => {
    const value = Number(options[name]);
    if (!Number.isInteger(value) || value < 1)
      throw badUse(`--${name} ${options[name]}: give a whole number of 1 or more.`);
    return value;
  }) as [number, number, number, number];
  const overhead = Number(options.overhead);
  const recorded = recordedCosts(process.cwd(), await makePlan(process.cwd()));
  if (recorded.length === 0)
    throw new UserError("Nothing is measured here yet, so no cost is recorded. Run npm run measure.");
  const chosen = Array.from({ length: experiments }, (_, i) => recorded[i % recorded.length]!);
  const work = workOf(chosen, models, prompts, shard);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const computing = sum(work.first) + sum(work.gathering.map(({ seconds }) => seconds));
  const units = work.first.length + work.gathering.length;
  const result = {
    models,
    experiments,
    prompts,
    recorded: recorded.length,
    units,
    computing_s: computing,
    order_bytes: Math.max(...recorded.map(({ orderBytes }) => orderBytes)) + Math.ceil(prompts / shard) * SHARD_BYTES,
    artifact_bytes: (models * experiments * sum(recorded.map(({ bytes }) => bytes))) / recorded.length,
    workers: WORKERS.map((workers) => {
      const seconds = makespan(work, workers, overhead);
      return { workers, seconds, efficiency: computing / (workers * seconds) };
    }),
  };
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : table(result));
}

/** Of everything that is measured here on a model and fresh or stale alike: a cost stays a cost. */
function recordedCosts(root: string, { jobs, prompts }: Plan): Recorded[] {
  return jobs.flatMap((job) => {
    const artifact = job.card && !job.damaged ? readArtifact(root, job) : undefined;
    if (!artifact) return [];
    const folder = join(root, folderOf(job));
    const bytes = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((total, entry) => total + statSync(join(entry.parentPath, entry.name)).size, 0);
    const items = job.code.inputs.prompts.reduce((total, id) => total + itemsOf(prompts.get(id)), 0);
    const orderBytes = JSON.stringify(orderOf({ job })).length;
    const { seconds, shardSeconds = 0 } = artifact.provenance;
    return [{ seconds: seconds + shardSeconds, prompts: items, bytes, orderBytes }];
  });
}

/** Prompts that are written out in a set, whatever its kind. */
function itemsOf(prompts: Prompts | undefined): number {
  const count = (value: unknown): number => {
    if (Array.isArray(value))
      return value.every((each) => typeof each === "object")
        ? value.reduce((n: number, each) => n + Math.max(1, count(each)), 0)
        : 0;
    if (typeof value !== "object" || value === null) return 0;
    return Object.values(value).reduce((n: number, each) => n + count(each), 0);
  };
  return count(prompts);
}

/** Each experiment that reads prompts in shards, and a gathering of a tenth of a shard's cost; any other in one. */
function workOf(chosen: readonly Recorded[], models: number, prompts: number, perShard: number): Work {
  const first: number[] = [];
  const gathering: Work["gathering"][number][] = [];
  for (let model = 0; model < models; model++)
    for (const { seconds, prompts: own } of chosen) {
      if (own === 0) {
        first.push(seconds);
        continue;
      }
      const shards = Math.ceil(prompts / perShard);
      const each = (seconds / own) * Math.min(perShard, prompts);
      const from = first.length;
      for (let i = 0; i < shards; i++) first.push(each);
      gathering.push({ after: Array.from({ length: shards }, (_, i) => from + i), seconds: each / 10 });
    }
  return { first, gathering };
}

function table(result: {
  models: number;
  experiments: number;
  prompts: number;
  recorded: number;
  units: number;
  computing_s: number;
  order_bytes: number;
  artifact_bytes: number;
  workers: readonly { workers: number; seconds: number; efficiency: number }[];
}): string {
  return [
    `${result.models} models × ${result.experiments} experiments × ${result.prompts} prompts, by the recorded cost of ${result.recorded} results:`,
    "",
    `- units of work: ${result.units}; computing: ${durationText(result.computing_s)} of one worker`,
    `- queue: an order is at most ${result.order_bytes} bytes, and one run puts up 256 at a time`,
    `- repository: ${(result.artifact_bytes / 1e6).toFixed(0)} MB of artifacts; the store has the same and the shards, until it is emptied`,
    "",
    "| workers | until all is done | of the ideal |",
    "|---:|---:|---:|",
    ...result.workers.map(
      ({ workers, seconds, efficiency }) =>
        `| ${workers} | ${durationText(seconds)} | ${(100 * efficiency).toFixed(0)} % |`,
    ),
    "",
  ].join("\n");
}
