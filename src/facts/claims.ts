import type { Claim } from "../../pipeline/artifacts/content/claim.ts";
import type { Note } from "../../pipeline/artifacts/content/note.ts";
import { appliesTo, type Subject } from "../../pipeline/artifacts/subjects.ts";
import type { Entry, Vault } from "../../pipeline/artifacts/vault.ts";
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
  readonly model: Subject;
}

/** One claim with what is found on each model, or on the families, that it applies to. */
export interface ClaimFacts {
  readonly key: string;
  readonly note: Entry<Note>;
  readonly claim: Claim;
  readonly address: string;
  readonly models: readonly ModelVerdict[];
  /** What readers see who have chosen no model: the default model's where the claim applies to it. */
  readonly first: ModelVerdict;
  /** The verdict that its sentences were written for, where `first` is another one by now. */
  readonly misread: Verdict | undefined;
}

/** Every claim of every note against everything that it applies to, by `note/claim`. */
export function claimsOf(
  vault: Pick<Vault, "notes" | "experiments">,
  subjects: readonly Subject[],
  measured: Lookup,
): Map<string, ClaimFacts> {
  const claims = new Map<string, ClaimFacts>();
  for (const note of vault.notes)
    for (const claim of note.data.claims) {
      const models = appliesTo(claim, subjects, vault.experiments).map((model) => ({
        model,
        ...verdict(note.id, claim, (id) => measured(model.id, id)),
      }));
      const first = models[0]!;
      const misread = claim.reading === first.verdict ? undefined : claim.reading;
      const key = claimKey(note, claim.id);
      claims.set(key, { key, note, claim, address: addressOf.claim(note.id, claim.id), models, first, misread });
    }
  return claims;
}

/** The first of those that a claim applies to, and the others on which something of it was measured: what readers choose from. */
export function measuredModels({ models, first }: ClaimFacts): readonly ModelVerdict[] {
  return models.filter((each) => each === first || each.reasons.some(isTold));
}

/** What readers choose from on a page of several claims, in the order of `subjects`. */
export function measuredSubjects(subjects: readonly Subject[], claims: readonly ClaimFacts[]): Subject[] {
  const found = new Set(claims.flatMap((claim) => measuredModels(claim).map(({ model }) => model.id)));
  return subjects.filter(({ id }) => found.has(id));
}

/** Whether a measurement says something of a prediction: a figure, or why there can be none. */
export const isTold = ({ estimate, missing }: Reason): boolean => estimate !== null || missing !== null;

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
