import type { Prediction } from "./content/prediction.ts";
import { hashOf } from "./hash.ts";
import type { Provenance } from "./schema.ts";

/**
 * Hash of what a prediction bets: experiment, estimate, range, control, and whether its author claims to have been blind.
 * The statement, the basis, the id and the date are left out: mending a sentence is no new bet, while moving the range,
 * or claiming afterwards to have been blind, is.
 */
export function predictionHash(prediction: Prediction): string {
  const { experiment, estimate, above, below, within, beyond, prior } = prediction;
  return hashOf({ experiment, estimate, above, below, within, beyond, prior });
}

/**
 * Whether a prediction was edited after its result, or added after it. Compared by hash and not by name, so that a note
 * may be renamed, or a claim moved to another note, without its predictions losing their date.
 */
export function isPostHoc(prediction: Prediction, provenance: Provenance): boolean {
  return !Object.values(provenance.predictions).includes(predictionHash(prediction));
}
