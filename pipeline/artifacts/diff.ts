import { rounded } from "./canonical-json.ts";
import type { Note } from "./content/note.ts";
import type { Estimate, Result } from "./schema.ts";
import { appliesTo, subjectsOf } from "./subjects.ts";
import type { Entry, Vault } from "./vault.ts";
import { type Measured, PredictionError, type Verdict, verdict } from "./verdict.ts";

/** One estimate that is not what it was. `before` null: new; `after` null: gone. */
export interface MovedEstimate {
  readonly model: string;
  readonly experiment: string;
  readonly id: string;
  readonly before: Estimate | null;
  readonly after: Estimate | null;
}

/** What one prediction had to go by, in two states of the artifacts; null where its experiment had no artifact. */
export interface MovedResult {
  readonly prediction: string;
  readonly experiment: string;
  readonly estimate: string;
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
  readonly results: readonly MovedResult[];
}

/** A claim whose sentences were written for another verdict than it has. */
export interface Misreading {
  /** The model, or the families, whose verdict readers see beside them. */
  readonly model: string;
  readonly claim: string;
  readonly file: string;
  readonly reading: Verdict;
  readonly verdict: Verdict;
}

/** The artifacts of one model, by experiment. */
export type Lookup = (experiment: string) => Measured | undefined;

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
        after: verdictOrNone(id, claim, after),
        results: claim.predictions.map(({ id: prediction, experiment, estimate }) => {
          const find = (lookup: Lookup) =>
            lookup(experiment)?.result.estimates.find((each) => each.id === estimate) ?? null;
          return { prediction, experiment, estimate, before: find(before), after: find(after) };
        }),
      };
      return moved.before === moved.after ? [] : [moved];
    }),
  );
}

/**
 * Claims whose `reading` is not the verdict on the first subject that they apply to: the default model, or, for a claim
 * on networks that are trained here, those. `lookup` reads the artifacts of a subject.
 */
export function misreadings(
  vault: Pick<Vault, "notes" | "models" | "families" | "experiments">,
  lookup: (subject: string) => Lookup,
): Misreading[] {
  const subjects = subjectsOf(vault);
  return vault.notes.flatMap(({ id, data, file }) =>
    data.claims.flatMap((claim) => {
      const [first] = appliesTo(claim, subjects, vault.experiments);
      if (!first || claim.reading === undefined) return [];
      const { verdict: found } = verdict(id, claim, lookup(first.id));
      const misread = { model: first.id, claim: `${id}/${claim.id}`, file, reading: claim.reading, verdict: found };
      return found === claim.reading ? [] : [misread];
    }),
  );
}

/** An artifact may lack an estimate that a prediction names, an older one above all: nothing decided the claim then. */
function verdictOrNone(note: string, claim: Note["claims"][number], lookup: Lookup): Verdict {
  try {
    return verdict(note, claim, lookup).verdict;
  } catch (error) {
    if (error instanceof PredictionError) return "untested";
    throw error;
  }
}

/** Compared as artifacts hold them: a fresh result may not be rounded yet. */
function sameNumbers(a: Estimate | null, b: Estimate | null): boolean {
  return (
    a !== null && b !== null && (["value", "lo", "hi"] as const).every((key) => rounded(a[key]) === rounded(b[key]))
  );
}
