import type { Prompts } from "../artifacts/content.ts";
import type { Address } from "../artifacts/store.ts";
import type { LanguageModel } from "../engine/run/language-model.ts";
import type { RandomWeights } from "../experiments/experiment.ts";
import type { Plan } from "./plan.ts";
import type { OpenedModel } from "./workplace.ts";

/** The model that a job measures, every run of which ends when the signal says so. Throws where families are the subject. */
export function modelOf(job: Address, opened: OpenedModel | undefined, signal: AbortSignal): LanguageModel {
  return stoppable(present(job, opened).model, signal);
}

/** The opened model. Throws where families are the subject. */
export function present({ experiment, model }: Address, opened: OpenedModel | undefined): OpenedModel {
  if (opened) return opened;
  throw new Error(
    `pipeline/experiments/${experiment}.ts asks for a model, but its subject is families: ${model} has no weights.`,
  );
}

/** Models with random weights as a job asks for them, to be released together when it is done. */
export interface Controls {
  /** Throws where families are the subject. */
  randomWeights(kind: RandomWeights, seed: number): Promise<LanguageModel>;
  release(): Promise<void>;
}

export function controlsOf(job: Address, opened: OpenedModel | undefined, signal: AbortSignal): Controls {
  const made: LanguageModel[] = [];
  return {
    async randomWeights(kind, seed) {
      const model = await present(job, opened).randomWeights(kind, seed);
      made.push(model);
      return stoppable(model, signal);
    },
    async release() {
      for (const model of made) await model.release();
    },
  };
}

/** Reads prompt sets that were declared: one changes a key only if the experiment says that it reads it. */
export function declaredPrompts(
  { experiment }: Address,
  declared: readonly string[],
  prompts: Plan["prompts"],
): (id: string) => Prompts {
  return (id) => {
    const content = prompts.get(id);
    if (declared.includes(id) && content) return content;
    throw new Error(
      `pipeline/experiments/${experiment}.ts reads the prompt set "${id}" without declaring it: add it to inputs.prompts.`,
    );
  };
}

/** The same model, every run of which ends when the signal says so. */
function stoppable(model: LanguageModel, signal: AbortSignal): LanguageModel {
  return {
    id: model.id,
    config: model.config,
    points: model.points,
    run: (sequences, request, own = signal) => model.run(sequences, request, own),
    parameter: (name) => model.parameter(name),
    release: () => model.release(),
  };
}
