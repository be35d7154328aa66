import type { CitationCheck } from "../../pipeline/artifacts/content/claim.ts";
import type { Note } from "../../pipeline/artifacts/content/note.ts";
import type { Prediction } from "../../pipeline/artifacts/content/prediction.ts";
import { significant } from "./numbers.ts";

/** Words for codes, so that every page says them the same way. */

export const checkWords: Record<CitationCheck, string> = {
  states: "states it",
  weaker: "states something weaker",
  "other-object": "speaks of another object",
  absent: "does not say it",
};

export const relationWords: Record<Note["related"][number]["relation"], string> = {
  supports: "Supports",
  qualifies: "Qualifies",
  contradicts: "Contradicts",
  replicates: "Replicates",
};

/** The other note's relation to this one, seen from here. */
export const reverseRelationWords: Record<Note["related"][number]["relation"], string> = {
  supports: "Supported by",
  qualifies: "Qualified by",
  contradicts: "Contradicted by",
  replicates: "Replicated by",
};

/** `above 0.5`, `between 0.2 and 0.4`. */
export function rangeWords({ above, below, within }: Pick<Prediction, "above" | "below" | "within">): string {
  if (above !== undefined) return `above ${significant(above)}`;
  if (below !== undefined) return `below ${significant(below)}`;
  return within ? `between ${significant(within[0])} and ${significant(within[1])}` : "";
}

/** A title inside a sentence: `Residual stream` loses its capital, `KL divergence` keeps its own. */
export const inSentence = (title: string): string =>
  /^\p{Lu}\p{Ll}/u.test(title) ? title[0]!.toLowerCase() + title.slice(1) : title;

/** Authors in one line: all of up to three, else the first. */
export const namesOf = (authors: readonly string[]): string =>
  authors.length > 3 ? `${authors[0]} et al.` : authors.join(", ");
