import { availableParallelism } from "node:os";
import type { Tables } from "../../../experiments/experiment.ts";
import { makePlan } from "../../../jobs/plan.ts";
import { runExperiment } from "../../../jobs/run-experiment.ts";
import { runShard } from "../../../jobs/run-shard.ts";
import { workplaceAt } from "../../../jobs/workplace.ts";

// A process of `bench regenerate`: experiments of a model, their shards before them, one after the other, the model
// opened once, nothing written.
const { model, only } = JSON.parse(process.argv[2]!) as { model: string; only?: readonly string[] };
const place = workplaceAt(process.cwd(), () => ({ end() {} }));
const { jobs, prompts, broken } = await makePlan(place.root, { models: [model], experiments: only });
for (const { error } of broken) throw error;
const options = { signal: new AbortController().signal, progress() {} };
const begun = performance.now();
const machine = { threads: availableParallelism() };
const opened = await place.open(jobs[0]!.card!, machine);
const runtime = await place.runtime(machine);
for (const job of jobs) {
  const shards = new Map<string, Tables>();
  for (const shard of job.shards) {
    const { tables } = await runShard(
      place.root,
      shard,
      job.code.inputs.prompts,
      { opened, runtime },
      prompts,
      options,
    );
    shards.set(shard.shard, tables);
  }
  await runExperiment(job, { opened, shards }, prompts, options);
}
await opened.release();
process.stdout.write(JSON.stringify({ seconds: (performance.now() - begun) / 1000, experiments: jobs.length }));
