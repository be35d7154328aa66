import type { Estimate } from "./schema.ts";
import type { Measured } from "./verdict.ts";

/** Where values are read from. */
export interface Shown {
  /** The subject that an experiment is shown on where no other is asked for. */
  readonly shownFirst: (experiment: string) => { readonly id: string };
  readonly measured: (subject: string, experiment: string) => Measured | undefined;
}

export interface ValueFacts {
  model: string;
  experiment: string;
  estimate: Estimate;
  measured: Measured;
}

/**
 * The estimate that `<Value of="experiment/estimate" />` reads, from what its experiment is shown on first unless a model is named.
 * Throws, saying what is there, when it is missing.
 */
export function readValue(shown: Shown, of: string, chosen?: string): ValueFacts {
  const [experiment = "", id = "", ...rest] = of.split("/");
  if (id === "" || rest.length > 0) throw new Error(`of="${of}": expected experiment/estimate`);
  const model = chosen ?? shown.shownFirst(experiment).id;
  const measured = shown.measured(model, experiment);
  if (!measured)
    throw new Error(
      `of="${of}": there is no measurement of "${experiment}" on ${model}. Run: npm run measure -- --model ${model} --only ${experiment}`,
    );
  const estimate = measured.result.estimates.find((each) => each.id === id);
  if (!estimate)
    throw new Error(
      `of="${of}": ${experiment} on ${model} has no estimate "${id}"; it has: ${measured.result.estimates.map((e) => e.id).join(", ") || "none"}`,
    );
  return { model, experiment, estimate, measured };
}
