import type { Result, Table } from "./schema.ts";

/** An estimate that an experiment has of other models, and why it has none of this one. */
export interface Missing {
  readonly estimate: string;
  /** A clause: "too few of its items are told apart by this tokenizer (0 of 12 frames)". */
  readonly why: string;
}

/** Name of the table that says what is missing; a result without one has every estimate. */
export const MISSING = "missing";

/** The table {@link MISSING}, among the tables of a result; none where nothing is missing. */
export const missingTable = (missing: readonly Missing[]): Record<string, Table> =>
  missing.length === 0
    ? {}
    : {
        [MISSING]: {
          title: "Not estimated",
          columns: [
            { name: "estimate", type: "string", unit: "", about: "id of an estimate that this model has none of" },
            { name: "why", type: "string", unit: "", about: "the reason" },
          ],
          rows: missing.map(({ estimate, why }) => [estimate, why]),
        },
      };

/** Why a result has no such estimate, in its own words; undefined where it doesn't say. */
export function whyMissing({ tables }: Pick<Result, "tables">, estimate: string): string | undefined {
  const row = tables[MISSING]?.rows.find(([id]) => id === estimate);
  return row && String(row[1]);
}
