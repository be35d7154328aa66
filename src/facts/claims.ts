import type { Claim, ModelCard, Note } from "../../pipeline/artifacts/content.ts";
import type { Entry } from "../../pipeline/artifacts/vault.ts";
import {
  type ClaimVerdict,
  type Measured,
  type Reason,
  type Verdict,
  verdict,
} from "../../pipeline/artifacts/verdict.ts";
import { addressOf, claimKey } from "./addresses.ts";

export type Lookup = (model: string, experiment: string) => Measured | undefined;

export interface ModelVerdict extends ClaimVerdict {
  readonly model: Entry<ModelCard>;
}

/** One claim with what each model says of it; `models[0]` is the default model. */
export interface ClaimFacts {
  readonly key: string;
  readonly note: Entry<Note>;
  readonly claim: Claim;
  readonly address: string;
  readonly models: readonly ModelVerdict[];
  /** The default model's. */
  readonly first: ModelVerdict;
}

/** Every claim of every note against every model, by `note/claim`. */
export function claimsOf(
  notes: readonly Entry<Note>[],
  models: readonly Entry<ModelCard>[],
  measured: Lookup,
): Map<string, ClaimFacts> {
  const claims = new Map<string, ClaimFacts>();
  for (const note of notes)
    for (const claim of note.data.claims) {
      const each = models.map((model) => ({ model, ...verdict(note.id, claim, (id) => measured(model.id, id)) }));
      const key = claimKey(note, claim.id);
      claims.set(key, { key, note, claim, address: addressOf.claim(note.id, claim.id), models: each, first: each[0]! });
    }
  return claims;
}

/** A measurement with the distance of its interval from the edge of the predicted range, in interval widths. */
interface Weighed {
  readonly reason: Reason;
  readonly strength: number;
}

/** The strongest measurement for a claim, and the strongest against it, on one model. */
export function strongest(of: ClaimVerdict): { for: Reason | undefined; against: Reason | undefined } {
  const best = (side: Reason["where"]) =>
    of.reasons
      .filter((reason) => reason.where === side && reason.estimate !== null)
      .map((reason): Weighed => ({ reason, strength: strengthOf(reason) }))
      .sort((a, b) => b.strength - a.strength)[0]?.reason;
  return { for: best("inside"), against: best("outside") ?? best("straddles") };
}

/** How far the estimate is from the nearest edge of the range, in half-widths of its interval. */
function strengthOf({ estimate, prediction }: Reason): number {
  if (!estimate) return 0;
  const edges = [prediction.above, prediction.below, ...(prediction.within ?? [])].filter((edge) => edge !== undefined);
  const nearest = Math.min(...edges.map((edge) => Math.abs(estimate.value - edge)));
  return nearest / Math.max((estimate.hi - estimate.lo) / 2, Number.EPSILON);
}

/** How often each verdict was given, in the order of the legend. */
export function tally(verdicts: Iterable<Verdict>): [Verdict, number][] {
  const counts = new Map<Verdict, number>();
  for (const each of verdicts) counts.set(each, (counts.get(each) ?? 0) + 1);
  return legend.filter((each) => counts.has(each)).map((each) => [each, counts.get(each)!]);
}

/** As the legend shows them. */
export const legend: readonly Verdict[] = [
  "supported",
  "contradicted",
  "mixed",
  "confounded",
  "inconclusive",
  "untested",
  "untestable",
];
