import type { ModelCard } from "../artifacts/content.ts";
import type { Tokenizer } from "../engine/checkpoint.ts";
import type { LanguageModel } from "../engine/run/language-model.ts";
import type { RandomWeights } from "../experiments/experiment.ts";

/** A model with what experiments need beside it. */
export interface OpenedModel {
  readonly model: LanguageModel;
  readonly tokenizer: Tokenizer;
  randomWeights(kind: RandomWeights, seed: number): Promise<LanguageModel>;
  readonly weightsSha256: string;
  readonly runtimeName: string;
  readonly threads: number;
  release(): Promise<void>;
}

export interface Machine {
  readonly threads?: number;
  readonly device?: string;
}

/** Where measuring happens, and how it gets at a model: what tests replace by a small vault and a small model. */
export interface Workplace {
  readonly root: string;
  open(card: ModelCard, machine: Machine): Promise<OpenedModel>;
}

/** The project itself. The engine's runtime is loaded when a model is first opened: a run with nothing to do never is. */
export function workplaceAt(root: string): Workplace {
  return {
    root,
    async open(card, machine) {
      const { openLanguageModel } = await import("../runtime/open-model.ts");
      return openLanguageModel(card.id, machine);
    },
  };
}
