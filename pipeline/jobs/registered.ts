import type { Note } from "../artifacts/content/note.ts";
import { predictionHash } from "../artifacts/prediction-hash.ts";
import type { Estimate } from "../artifacts/schema.ts";
import type { Entry } from "../artifacts/vault.ts";
import type { Measured } from "../artifacts/verdict.ts";

/**
 * The predictions that a new artifact registers: hash by `note/claim/prediction`, of those on its experiment that stand
 * now. A prediction written after an earlier artifact had shown the very number stays post hoc: computing the same number
 * again, after a change of code or with `--force`, is no new result. Where the number is new, or moved, it was at stake.
 */
export function registeredPredictions(
  notes: readonly Entry<Note>[],
  experiment: string,
  estimates: readonly Estimate[],
  previous: Measured | undefined,
): Record<string, string> {
  const before = new Set(Object.values(previous?.provenance.predictions ?? {}));
  const shown = new Map(previous?.result.estimates.map((estimate) => [estimate.id, estimate]));
  const now = new Map(estimates.map((estimate) => [estimate.id, estimate]));
  const atStake = (id: string) => {
    const [old, fresh] = [shown.get(id), now.get(id)];
    return !old || !fresh || old.value !== fresh.value || old.lo !== fresh.lo || old.hi !== fresh.hi;
  };
  // The very same result: what was registered for it stays, a bet that its note has dropped or changed since included.
  if (previous && shown.size === now.size && ![...now.keys()].some(atStake)) return previous.provenance.predictions;
  return Object.fromEntries(
    notes.flatMap(({ id, data }) =>
      data.claims.flatMap((claim) =>
        claim.predictions
          .filter((prediction) => prediction.experiment === experiment)
          .map((prediction) => ({ prediction, hash: predictionHash(prediction) }))
          .filter(({ prediction, hash }) => before.has(hash) || atStake(prediction.estimate))
          .map(({ prediction, hash }) => [`${id}/${claim.id}/${prediction.id}`, hash] as const),
      ),
    ),
  );
}
