import { z } from "zod";
import { canonicalJson, rounded } from "./canonical-json.ts";
import type { Note } from "./content/note.ts";
import { type Lookup, movedEstimates, movedVerdicts } from "./diff.ts";
import { sha256Of } from "./hash.ts";
import { Provenance, type Result, sha256, slug } from "./schema.ts";
import type { Entry } from "./vault.ts";
import { type Measured, VERDICTS } from "./verdict.ts";

/**
 * What moved when an artifact was measured: one small file for each time, `public/artifacts/<model>/changes/<name>.json`.
 * Nobody edits them, and each has a name of its own, so the histories of two branches merge by being put together.
 */

/** Raised when the shape of these files changes. No part of any key. */
export const CHANGE_VERSION = 1;

/** Value, lower and upper end of an interval. */
export const Numbers = z.tuple([z.number(), z.number(), z.number()]);

/** One result as it stood: enough to know it again, and what it was computed by. */
export const State = z.strictObject({
  measured: z.iso.datetime(),
  key: sha256,
  /** SHA-256 of `result.json`. */
  result: sha256,
  /** How many estimates it holds. */
  estimates: z.int().nonnegative(),
  environment: Provenance.shape.environment,
});

export const Change = z.strictObject({
  schema: z.literal(CHANGE_VERSION),
  model: slug,
  experiment: slug,
  /** Why it was measured, as `measure --check` says it; empty where nothing was stale. */
  reasons: z.array(z.string()),
  /** Null where nothing stood there before, or nothing that could be read. */
  before: State.nullable(),
  after: State,
  /** Those that are not what they were; none of a first result, which holds them all. Null where it had none, or has none now. */
  estimates: z.array(
    z.strictObject({
      id: slug,
      label: z.string(),
      unit: z.string(),
      before: Numbers.nullable(),
      after: Numbers.nullable(),
    }),
  ),
  verdicts: z.array(
    z.strictObject({
      /** `note/claim` */
      claim: z.string(),
      before: z.enum(VERDICTS),
      after: z.enum(VERDICTS),
      /** What each of its predictions had to go by, the two times. */
      results: z.array(
        z.strictObject({
          prediction: slug,
          experiment: slug,
          estimate: slug,
          before: Numbers.nullable(),
          after: Numbers.nullable(),
        }),
      ),
    }),
  ),
});

export type Numbers = z.infer<typeof Numbers>;
export type State = z.infer<typeof State>;
export type Change = z.infer<typeof Change>;

/** A result that was just computed; its files' hashes are not known yet. */
export interface Fresh {
  readonly result: Result;
  readonly provenance: Omit<Provenance, "files">;
}

/**
 * What moves when `fresh` takes the place of `previous`, judged by the notes as they stand. `others` looks up the model's
 * further artifacts, which a claim may rest on too; `reasons` say why it was measured. Throws on a number that JSON cannot hold.
 */
export function changeOf(
  notes: readonly Entry<Note>[],
  previous: Measured | undefined,
  fresh: Fresh,
  others: Lookup,
  reasons: readonly string[],
): Change {
  const { model, experiment } = fresh.result;
  const now: Measured = { result: fresh.result, provenance: { ...fresh.provenance, files: {} } };
  const lookup =
    (own: Measured | undefined): Lookup =>
    (id) =>
      id === experiment ? own : others(id);
  return {
    schema: CHANGE_VERSION,
    model,
    experiment,
    reasons: [...reasons],
    before: previous ? stateOf(previous, previous.provenance.files["result.json"]!) : null,
    after: stateOf(fresh, sha256Of(Buffer.from(canonicalJson(fresh.result)))),
    estimates: previous
      ? movedEstimates(previous.result, fresh.result).map(({ id, before, after }) => {
          const { label, unit } = (after ?? before)!;
          return { id, label, unit, before: before && numbers(before), after: after && numbers(after) };
        })
      : [],
    verdicts: movedVerdicts(notes, model, lookup(previous), lookup(now)).map(({ claim, before, after, results }) => ({
      claim,
      before,
      after,
      results: results.map((each) => ({
        ...each,
        before: each.before && numbers(each.before),
        after: each.after && numbers(each.after),
      })),
    })),
  };
}

/** The name of its file: when, of what, and the start of the result's hash, so that no two are alike. */
export function changeName({ experiment, after }: Pick<Change, "experiment" | "after">): string {
  return `${after.measured.replace(/[-:.]/g, "")}~${experiment}~${after.result.slice(0, 8)}.json`;
}

function stateOf({ result: { estimates }, provenance: { started, key, environment } }: Fresh, result: string): State {
  return { measured: started, key, result, estimates: estimates.length, environment };
}

const numbers = ({ value, lo, hi }: { value: number; lo: number; hi: number }): Numbers => [
  rounded(value),
  rounded(lo),
  rounded(hi),
];
