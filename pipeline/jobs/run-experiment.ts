import { rounded } from "../artifacts/canonical-json.ts";
import type { ModelCard } from "../artifacts/content.ts";
import { weightsSha256 } from "../artifacts/model-files.ts";
import { type Provenance, type Result, SCHEMA_VERSION } from "../artifacts/schema.ts";
import type { NewArtifact } from "../artifacts/writer.ts";
import type { ExperimentContext, Measurement, Tables } from "../experiments/experiment.ts";
import { environmentOf } from "./environment.ts";
import type { Job, Plan } from "./plan.ts";
import { controlsOf, declaredPrompts, modelOf, present } from "./subject.ts";
import type { OpenedModel } from "./workplace.ts";

export interface RunOptions {
  readonly signal: AbortSignal;
  progress(share: number, what: string): void;
}

/** What an experiment is run on. */
export interface Prepared {
  /** None where the subject is families. */
  readonly opened: OpenedModel | undefined;
  /** What its shards found, by id. */
  readonly shards: ReadonlyMap<string, Tables>;
}

/** What an experiment gave, all but the predictions that it registers. */
export type Fresh = Omit<NewArtifact, "provenance"> & {
  readonly provenance: Omit<Provenance, "files" | "predictions">;
};

/**
 * Runs one experiment; what comes back is ready to be written, its provenance too, except for the predictions that it
 * registers. Models with random weights that the experiment asked for are released.
 * Throws what the experiment throws, and an error when the weights are not those of the card.
 */
export async function runExperiment(
  job: Job,
  { opened, shards }: Prepared,
  prompts: Plan["prompts"],
  options: RunOptions,
): Promise<Fresh> {
  if (job.card && opened) assertWeights(job, job.card, opened);
  const started = new Date();
  const begun = performance.now();
  const controls = controlsOf(job, opened, options.signal);
  const context: ExperimentContext = {
    get model() {
      return modelOf(job, opened, options.signal);
    },
    // A checkpoint may come without one: whoever asks for it is told so.
    get tokenizer() {
      return present(job, opened).tokenizer;
    },
    randomWeights: controls.randomWeights,
    prompts: declaredPrompts(job, job.code.inputs.prompts, prompts),
    shard(id) {
      const found = shards.get(id);
      if (!found)
        throw new Error(
          `pipeline/experiments/${job.experiment}.ts asks for the shard "${id}"; it lists ${[...shards.keys()].join(", ") || "none"}.`,
        );
      return found;
    },
    seed: job.code.seed,
    progress: (share, what) => {
      options.signal.throwIfAborted();
      options.progress(share, what);
    },
    signal: options.signal,
  };
  try {
    const measurement = await job.code.run(context, job.code.parameters);
    options.signal.throwIfAborted();
    return {
      result: resultOf(job, measurement),
      files: measurement.files,
      provenance: {
        schema: SCHEMA_VERSION,
        experiment: job.experiment,
        model: job.model,
        key: job.key,
        inputs: [...job.inputs],
        environment: environmentOf(
          opened
            ? { name: opened.runtimeName, device: opened.device, threads: opened.threads }
            : { name: "none", device: "cpu", threads: 1 },
        ),
        started: started.toISOString(),
        // By a clock that nobody can set back.
        seconds: (performance.now() - begun) / 1000,
      },
    };
  } finally {
    await controls.release();
  }
}

/** Numbers as the artifact will hold them, so that what is compared is what is written. */
function resultOf(job: Job, { tables, estimates }: Measurement): Result {
  return {
    schema: SCHEMA_VERSION,
    experiment: job.experiment,
    model: job.model,
    tables,
    estimates: estimates.map((estimate) => ({
      ...estimate,
      value: rounded(estimate.value),
      lo: rounded(estimate.lo),
      hi: rounded(estimate.hi),
    })),
  };
}

function assertWeights(job: Job, card: ModelCard, opened: OpenedModel): void {
  const expected = weightsSha256(card.files);
  if (opened.weightsSha256 !== expected)
    throw new Error(
      `The weights of ${job.model} have the SHA-256 ${opened.weightsSha256}, its card content/models/${job.model}.yaml says ${expected}. ` +
        `Run \`npm run models -- verify ${job.model}\`.`,
    );
}
