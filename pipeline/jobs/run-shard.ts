import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { SCHEMA_VERSION } from "../artifacts/schema.ts";
import type { ShardResult } from "../artifacts/shard-store.ts";
import type { Runtime } from "../engine/runtime.ts";
import type { RunShard, ShardContext } from "../experiments/experiment.ts";
import { environmentOf } from "./environment.ts";
import type { Plan } from "./plan.ts";
import type { RunOptions } from "./run-experiment.ts";
import type { ShardJob } from "./shard-plan.ts";
import { controlsOf, declaredPrompts, modelOf, present } from "./subject.ts";
import { runTraining } from "./training.ts";
import type { OpenedModel } from "./workplace.ts";

/** Where trainings that were cut off wait, by the shard's key. Not committed. */
const UNFINISHED = ".unfinished";
/** What is lost of a training that is cut off is at most one part in so many. */
const CHECKPOINTS = 12;

export interface ShardMachine {
  readonly runtime: Runtime;
  /** The model that is measured; none where the subject is families. */
  readonly opened: OpenedModel | undefined;
}

/**
 * Computes one piece; what comes back is ready to be written. Checkpoints of its trainings stay until `forgetUnfinished`;
 * models with random weights that it asked for are released.
 * Throws what the shard throws.
 */
export async function runShard(
  root: string,
  job: ShardJob,
  declared: readonly string[],
  { runtime, opened }: ShardMachine,
  prompts: Plan["prompts"],
  { signal, progress }: RunOptions,
): Promise<ShardResult> {
  const module: { runShard?: RunShard } = await import(pathToFileURL(join(root, job.file)).href);
  if (typeof module.runShard !== "function")
    throw new Error(`${job.file}: expected \`export const runShard: RunShard\`.`);
  const started = new Date();
  const begun = performance.now();
  const controls = controlsOf(job, opened, signal);
  const context: ShardContext = {
    get model() {
      return modelOf(job, opened, signal);
    },
    get tokenizer() {
      return present(job, opened).tokenizer;
    },
    randomWeights: controls.randomWeights,
    prompts: declaredPrompts(job, declared, prompts),
    runtime,
    train: (name, training, watch) =>
      runTraining(
        {
          ...training,
          checkpoint: {
            path: join(unfinishedFolder(root, job.key), `${name}.safetensors`),
            every: Math.ceil(training.recipe.steps / CHECKPOINTS),
          },
        },
        runtime,
        { signal, progress: ({ step, steps }) => watch?.(step / steps) },
      ),
    progress: (share, what) => {
      signal.throwIfAborted();
      progress(share, what);
    },
    signal,
  };
  try {
    const tables = await module.runShard(context, job.code.parameters);
    signal.throwIfAborted();
    return {
      schema: SCHEMA_VERSION,
      experiment: job.experiment,
      model: job.model,
      shard: job.shard,
      key: job.key,
      inputs: [...job.inputs],
      environment: environmentOf(runtime),
      started: started.toISOString(),
      seconds: (performance.now() - begun) / 1000,
      tables: { ...tables },
    };
  } finally {
    await controls.release();
  }
}

/** Where the checkpoints of a piece lie while it is unfinished. */
export function unfinishedFolder(root: string, key: string): string {
  return join(root, UNFINISHED, key);
}

/** Removes the checkpoints of a piece that is written. */
export function forgetUnfinished(root: string, { key }: Pick<ShardJob, "key">): void {
  rmSync(unfinishedFolder(root, key), { recursive: true, force: true });
}
