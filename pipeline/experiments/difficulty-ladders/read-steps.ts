import type { LanguageModel } from "../../engine/run/language-model.ts";
import type { Tensor } from "../../engine/runtime.ts";
import { answerMargin } from "../../engine/tails/answer-margin.ts";
import { residualDepths } from "../../engine/tails/logit-lens.ts";
import { readStates, type TokenState } from "../sparsity/read-states.ts";
import type { Calibration } from "../support/calibration.ts";
import type { StepCase } from "./cases.ts";

/**
 * The state at the last token of each prompt; its `next` is the surprisal of the answer's first token, when asked for.
 * In the order of `cases`.
 */
export async function readSteps(
  model: LanguageModel,
  cases: readonly StepCase[],
  options: {
    readonly calibration: Calibration;
    readonly surprisal: boolean;
    readonly progress?: (share: number) => void;
    readonly signal?: AbortSignal;
  },
): Promise<TokenState[]> {
  // The answer stands behind the prompt so that its surprisal can be read; no state before it sees it.
  const sequences = cases.map(({ prompt, answer }) => [...prompt, answer]);
  const states = await readStates(model, sequences, options);
  return states.filter(({ sequence, position }) => position === cases[sequence]!.prompt.length - 1);
}

/** Logit of the answer's first token less that of the foil's, at the end of each prompt. */
export async function readMargins(
  model: LanguageModel,
  cases: readonly StepCase[],
  signal?: AbortSignal,
): Promise<Float64Array> {
  const margins = new Float64Array(cases.length);
  const request = {
    tails: [answerMargin(residualDepths(model.config.nLayers).at(-1)!)],
    feeds: (indices: readonly number[], tokens: number): Record<string, Tensor> => {
      const at = new Float32Array(indices.length * tokens);
      indices.forEach((index, row) => {
        at[row * tokens + cases[index]!.prompt.length - 1] = 1;
      });
      const candidates = indices.flatMap((index) => [BigInt(cases[index]!.answer), BigInt(cases[index]!.foil)]);
      return {
        at: { type: "float32", shape: [indices.length, tokens], data: at },
        candidates: { type: "int64", shape: [indices.length, 2], data: BigInt64Array.from(candidates) },
      };
    },
  };
  const prompts = cases.map(({ prompt }) => prompt);
  for await (const { indices, outputs } of model.run(prompts, request, signal)) {
    const { data } = outputs["answer_margin.margin"]!;
    indices.forEach((index, row) => {
      margins[index] = (data as Float32Array)[row]!;
    });
  }
  return margins;
}
