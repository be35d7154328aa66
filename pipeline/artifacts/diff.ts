import type { Note } from "./content.ts";
import type { Estimate, Result } from "./schema.ts";
import type { Entry } from "./vault.ts";
import { type Measured, type Verdict, verdict } from "./verdict.ts";

/** One estimate that is not what it was. `before` null: new; `after` null: gone. */
export interface MovedEstimate {
  readonly model: string;
  readonly experiment: string;
  readonly id: string;
  readonly before: Estimate | null;
  readonly after: Estimate | null;
}

/** One claim whose verdict is not what it was on a model. */
export interface MovedVerdict {
  readonly model: string;
  /** `note/claim` */
  readonly claim: string;
  readonly before: Verdict;
  readonly after: Verdict;
}

/** A claim whose essay was written for another verdict. */
export interface Misreading {
  readonly model: string;
  readonly claim: string;
  readonly file: string;
  readonly reading: Verdict;
  readonly verdict: Verdict;
}

type Lookup = (experiment: string) => Measured | undefined;

/** Estimates whose value or interval differ at all, in order of id. Both undefined: none. */
export function movedEstimates(before: Result | undefined, after: Result | undefined): MovedEstimate[] {
  const { model, experiment } = after ?? before ?? { model: "", experiment: "" };
  const byId = (result: Result | undefined) => new Map(result?.estimates.map((estimate) => [estimate.id, estimate]));
  const [old, now] = [byId(before), byId(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((id) => {
    const pair = { before: old.get(id) ?? null, after: now.get(id) ?? null };
    return sameNumbers(pair.before, pair.after) ? [] : [{ model, experiment, id, ...pair }];
  });
}

/** Estimates of a recomputation that are further from the committed ones than their tolerance, or on one side only. */
export function outOfTolerance(committed: Result, recomputed: Result): MovedEstimate[] {
  return movedEstimates(committed, recomputed).filter(({ before, after }) => {
    if (!before || !after) return true;
    return (["value", "lo", "hi"] as const).some((field) => Math.abs(before[field] - after[field]) > before.tolerance);
  });
}

/** Claims whose verdict on a model differs between two states of the artifacts, for the notes as they are now. */
export function movedVerdicts(
  notes: readonly Entry<Note>[],
  model: string,
  before: Lookup,
  after: Lookup,
): MovedVerdict[] {
  return notes.flatMap(({ id, data }) =>
    data.claims.flatMap((claim) => {
      const moved = {
        model,
        claim: `${id}/${claim.id}`,
        before: verdictOrNone(id, claim, before),
        after: verdict(id, claim, after).verdict,
      };
      return moved.before === moved.after ? [] : [moved];
    }),
  );
}

/** Claims whose `reading` is not the verdict on a model. */
export function misreadings(notes: readonly Entry<Note>[], model: string, lookup: Lookup): Misreading[] {
  return notes.flatMap(({ id, data, file }) =>
    data.claims.flatMap((claim) => {
      const { verdict: found } = verdict(id, claim, lookup);
      return claim.reading === undefined || claim.reading === found
        ? []
        : [{ model, claim: `${id}/${claim.id}`, file, reading: claim.reading, verdict: found }];
    }),
  );
}

/** An older artifact may lack an estimate that a prediction of today names: nothing decided it then. */
function verdictOrNone(note: string, claim: Note["claims"][number], lookup: Lookup): Verdict {
  const known = claim.predictions.every((p) => {
    const estimates = lookup(p.experiment)?.result.estimates;
    return !estimates || [p.estimate, p.beyond].every((id) => id === undefined || estimates.some((e) => e.id === id));
  });
  return known ? verdict(note, claim, lookup).verdict : "untested";
}

function sameNumbers(a: Estimate | null, b: Estimate | null): boolean {
  return a !== null && b !== null && a.value === b.value && a.lo === b.lo && a.hi === b.hi;
}
