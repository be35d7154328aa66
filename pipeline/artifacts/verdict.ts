import type { Claim } from "./content/claim.ts";
import type { Prediction } from "./content/prediction.ts";
import { whyMissing } from "./missing.ts";
import { isPostHoc } from "./prediction-hash.ts";
import type { Estimate, Provenance, Result } from "./schema.ts";

/** In the order in which they are looked for: the first that applies is the verdict. */
export const VERDICTS = [
  "untestable",
  "untested",
  "confounded",
  "mixed",
  "inconclusive",
  "contradicted",
  "supported",
] as const;
export type Verdict = (typeof VERDICTS)[number];

export type Where = "inside" | "outside" | "straddles";

/** One experiment's artifact, for one model. */
export interface Measured {
  readonly result: Result;
  readonly provenance: Provenance;
}

/** What one prediction came to. All null where its experiment has no artifact, or one that lacks the estimate for a reason. */
export interface Reason {
  readonly prediction: Prediction;
  readonly estimate: Estimate | null;
  /** Why the artifact has none: in its own words, or that it is older than the prediction. */
  readonly missing: string | null;
  /** The control that the prediction names, where it names one. */
  readonly control: Estimate | null;
  /** Paired difference, estimate − control. */
  readonly difference: Estimate | null;
  /** Where the estimate's interval lies, seen from the predicted range. */
  readonly where: Where | null;
  /** Whether the estimate goes further in the predicted direction than its control (see `isBeyond`); null without one. */
  readonly beyondControl: boolean | null;
  /** Edited after its result, or added after it. */
  readonly postHoc: boolean;
}

export interface ClaimVerdict {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
}

/** Raised when a prediction names something that an existing artifact does not hold. */
export class PredictionError extends Error {
  override readonly name = "PredictionError";
  readonly field: "estimate" | "beyond";
  /** The estimate, or the paired difference, that isn't there. */
  readonly named: string;
  /** What is wrong with the field, without the place. */
  readonly what: string;

  constructor(place: string, field: "estimate" | "beyond", named: string, what: string) {
    super(`${place}.${field}: ${what}`);
    this.field = field;
    this.named = named;
    this.what = what;
  }
}

/**
 * Verdict of a claim on one model. `measured` looks up an experiment's artifact for that model. Needing all predictions
 * is its own correction; a claim with any prediction that has no artifact yet, or one of a model for which there is no such
 * estimate, is untested. So is one with a prediction that is younger than an artifact without its estimate.
 *
 * Throws PredictionError, with file and field, when a prediction names an estimate, or a control, that an artifact neither
 * holds nor gives a reason for lacking, though the prediction was registered when it was computed.
 */
export function verdict(
  note: string,
  claim: Claim,
  measured: (experiment: string) => Measured | undefined,
): ClaimVerdict {
  const reasons = claim.predictions.map((prediction) => {
    const found = measured(prediction.experiment);
    if (!found) return undecided(prediction, null);
    try {
      return answer(note, claim, prediction, found);
    } catch (error) {
      // An artifact can't hold what nobody had asked for yet: another model's that waits to be measured again, above all.
      if (!(error instanceof PredictionError && isPostHoc(prediction, found.provenance))) throw error;
      return undecided(prediction, `measured before this was predicted, without "${error.named}"`);
    }
  });
  const some = (test: (reason: Reason) => boolean) => reasons.some(test);
  const first = (): Verdict => {
    if (claim.untestable !== undefined) return "untestable";
    if (reasons.length === 0 || some((r) => r.where === null)) return "untested";
    if (some((r) => r.where === "inside" && r.beyondControl === false)) return "confounded";
    if (some((r) => r.where === "inside") && some((r) => r.where === "outside")) return "mixed";
    if (some((r) => r.where === "straddles")) return "inconclusive";
    return some((r) => r.where === "outside") ? "contradicted" : "supported";
  };
  return { verdict: first(), reasons };
}

/** Where the interval [lo, hi] lies. `above` and `below` leave their bound out, `within` takes both of its in. */
export function whereIs(
  interval: Pick<Estimate, "lo" | "hi">,
  range: Pick<Prediction, "above" | "below" | "within">,
): Where {
  const { lo, hi } = interval;
  const pick = (inside: boolean, outside: boolean): Where => (inside ? "inside" : outside ? "outside" : "straddles");
  if (range.above !== undefined) return pick(lo > range.above, hi <= range.above);
  if (range.below !== undefined) return pick(hi < range.below, lo >= range.below);
  if (range.within === undefined) throw new Error("A prediction needs one of above, below, within.");
  const [from, to] = range.within;
  return pick(lo >= from && hi <= to, hi < from || lo > to);
}

/**
 * Whether the difference from the control leaves 0 out on the predicted side: above 0 for `above`, below it for `below`,
 * on either side for `within`. A control that shows the effect more strongly than the model is no support for it.
 */
export function isBeyond(
  { lo, hi }: Pick<Estimate, "lo" | "hi">,
  range: Pick<Prediction, "above" | "below" | "within">,
): boolean {
  if (range.above !== undefined) return lo > 0;
  if (range.below !== undefined) return hi < 0;
  return lo > 0 || hi < 0;
}

const undecided = (prediction: Prediction, missing: string | null): Reason => ({
  prediction,
  estimate: null,
  missing,
  control: null,
  difference: null,
  where: null,
  beyondControl: null,
  postHoc: false,
});

/**
 * What an artifact says of a prediction. Throws PredictionError when it neither holds an estimate that the prediction names
 * nor gives a reason for lacking it, whichever of the two is older.
 */
export function answer(note: string, claim: Claim, prediction: Prediction, measured: Measured): Reason {
  const { result, provenance } = measured;
  const missing = whyMissing(result, prediction.estimate);
  if (missing !== undefined) return undecided(prediction, missing);
  const file = `public/artifacts/${result.model}/${result.experiment}/result.json`;
  const fail = (field: PredictionError["field"], named: string, what: string): never => {
    const place = `content/notes/${note}.mdx: claims.${claim.id}.predictions.${prediction.id}`;
    throw new PredictionError(place, field, named, what);
  };
  const find = (field: PredictionError["field"], id: string): Estimate =>
    result.estimates.find((e) => e.id === id) ??
    fail(
      field,
      id,
      `"${id}" is not an estimate of ${file}; there are: ${result.estimates.map((e) => e.id).join(", ") || "none"}.`,
    );

  const estimate = find("estimate", prediction.estimate);
  const postHoc = isPostHoc(prediction, provenance);
  const where = whereIs(estimate, prediction);
  if (prediction.beyond === undefined)
    return {
      prediction,
      estimate,
      missing: null,
      control: null,
      difference: null,
      where,
      beyondControl: null,
      postHoc,
    };

  const control = find("beyond", prediction.beyond);
  if (estimate.control !== control.id || estimate.difference === undefined)
    return fail(
      "beyond",
      `${estimate.id} − ${control.id}`,
      `${file} has no paired difference of "${estimate.id}" from "${control.id}"; its control there is ${estimate.control ? `"${estimate.control}"` : "none"}. ` +
        "Name that control, or predict the estimate of a difference itself.",
    );
  const difference = find("beyond", estimate.difference);
  const beyondControl = isBeyond(difference, prediction);
  return { prediction, estimate, missing: null, control, difference, where, beyondControl, postHoc };
}
