import { availableParallelism } from "node:os";
import { makePlan } from "../../../jobs/plan.ts";
import { runExperiment } from "../../../jobs/run-experiment.ts";
import { workplaceAt } from "../../../jobs/workplace.ts";

// A process of `bench regenerate`: experiments of a model, one after the other, the model opened once, nothing written.
const { model, only } = JSON.parse(process.argv[2]!) as { model: string; only?: readonly string[] };
const place = workplaceAt(process.cwd(), () => ({ end() {} }));
const { jobs, prompts, broken } = await makePlan(place.root, { models: [model], experiments: only });
for (const { error } of broken) throw error;
const signal = new AbortController().signal;
const begun = performance.now();
const opened = await place.open(jobs[0]!.card!, { threads: availableParallelism() });
for (const job of jobs) await runExperiment(job, { opened, shards: new Map() }, prompts, { signal, progress() {} });
await opened.release();
process.stdout.write(JSON.stringify({ seconds: (performance.now() - begun) / 1000, experiments: jobs.length }));
