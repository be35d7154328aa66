import type { Problem } from "../../pipeline/artifacts/vault.ts";
import { claimKey } from "./addresses.ts";
import type { Facts } from "./facts.ts";
import type { Mention } from "./mentions.ts";
import { readValue } from "./values.ts";

/**
 * Everything that an MDX body names and that isn't there (notes, claims, sources, terms, values), and every note that a line
 * links without an estimate and a trace to its name. An empty list says that all is well.
 */
export function findBrokenBodies(facts: Facts): Problem[] {
  const problems: Problem[] = [];
  for (const [file, mentions] of facts.mentions)
    for (const mention of mentions) {
      const message = faultOf(facts, file, mention);
      if (message) problems.push({ file, field: `<${mention.name}> in line ${mention.line} of the body`, message });
    }
  for (const { line, notes } of facts.lines.values())
    for (const { note, claims } of notes) {
      const estimates = claims.some(({ models }) =>
        models.some(({ reasons }) => reasons.some((r) => r.estimate !== null)),
      );
      const cited = `cited by ${line.file}, but`;
      if (!estimates)
        problems.push({
          file: note.file,
          field: "claims",
          message: `${cited} no prediction of it has a measured estimate. Measure its experiments (npm run measure), or do not cite it yet.`,
        });
      if (note.data.traces.length === 0)
        problems.push({
          file: note.file,
          field: "traces",
          message: `${cited} it shows no trace. Name at least one prompt of content/prompts (kind: traces).`,
        });
    }
  return problems;
}

function faultOf(facts: Facts, file: string, { name, attributes }: Mention): string | undefined {
  const { vault } = facts;
  const lacks = (attribute: string) => `expected the attribute ${attribute}="…", found none`;
  const missing = (what: string, id: string) => `there is no ${what} "${id}"`;
  switch (name) {
    case "Cite": {
      const note = attributes.note;
      if (!note) return lacks("note");
      return facts.notes.has(note) ? undefined : missing("note", note);
    }
    case "Claim": {
      if (!attributes.of) return lacks("of");
      const key = keyIn(facts, file, attributes.of);
      return facts.claims.has(key) ? undefined : missing("claim", key);
    }
    case "Source": {
      if (!attributes.id) return lacks("id");
      return facts.sources.has(attributes.id) ? undefined : missing("source", attributes.id);
    }
    case "Term": {
      if (!attributes.id) return lacks("id");
      return vault.glossary.some(({ id }) => id === attributes.id)
        ? undefined
        : missing("glossary entry", attributes.id);
    }
    case "Value": {
      if (!attributes.of) return lacks("of");
      try {
        readValue(facts, attributes.of, attributes.model);
      } catch (error) {
        return (error as Error).message;
      }
      return undefined;
    }
    default:
      return undefined;
  }
}

/** A claim's key; in a note's own body `of` may be the claim's id alone. */
export function keyIn({ notes }: Pick<Facts, "notes">, file: string, of: string): string {
  if (of.includes("/")) return of;
  const note = notes.get(idOf(file))?.note;
  return note?.file === file ? claimKey(note, of) : of;
}

/** A content file's name without its ending. */
export const idOf = (file: string): string => file.replace(/^.*\//, "").replace(/\.\w+$/, "");
