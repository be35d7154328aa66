import type { LanguageModel } from "../../engine/run/language-model.ts";
import { residualDepths } from "../../engine/tails/logit-lens.ts";
import { withoutDimensions } from "../../engine/tails/without-dimensions.ts";

/**
 * The same model, whose residual streams every tail reads with these dimensions at 0; what it computes is unchanged. The
 * stream at the end stays whole: it is the model's own prediction, with which readings are compared.
 */
export const blindTo = (model: LanguageModel, dimensions: readonly number[]): LanguageModel => {
  const onTheWay = residualDepths(model.config.nLayers).slice(0, -1);
  return {
    ...model,
    run: (sequences, { tails = [], ...request }, signal) => {
      const blind = tails.map((tail) => withoutDimensions(tail, onTheWay, dimensions));
      return model.run(sequences, { ...request, tails: blind }, signal);
    },
  };
};
