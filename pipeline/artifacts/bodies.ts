import { bodiesOf, inBody, readBody } from "./body.ts";
import { COMPONENTS, type Mention } from "./mentions.ts";
import { hintFor } from "./nearest.ts";
import { claimKeys, traceIds } from "./references.ts";
import { shownFirst, subjectsOf } from "./subjects.ts";
import { rowsOf } from "./tables.ts";
import { readValue, type Shown } from "./values.ts";
import type { Problem, Vault } from "./vault.ts";
import type { Measured } from "./verdict.ts";

/** Bodies that are not MDX, each with the line at which reading them ends. */
export const findUnreadableBodies = (vault: Vault): Problem[] =>
  bodiesOf(vault).flatMap((entry) => {
    try {
      readBody(entry);
      return [];
    } catch (error) {
      const [, line = "1", what] = /^(\d+):\d+: (.*)$/s.exec((error as Error).message) ?? [];
      const message = `${what ?? (error as Error).message}. A < or { that is meant as text is written \\< or \\{`;
      return [{ file: entry.file, field: inBody("MDX", Number(line)), message }];
    }
  });

/**
 * Everything that an MDX body names and that isn't there (components, notes, claims, sources, terms, values, experiments, traces),
 * and every note that a line links without an estimate and a trace to its name. Pure: reads no files. An empty list says
 * that all is well. Throws for a body that is not MDX: `findUnreadableBodies` reports those, and comes first.
 */
export function findBrokenBodies(
  vault: Vault,
  measured: (subject: string, experiment: string) => Measured | undefined,
): Problem[] {
  const named = namesOf(vault, measured);
  const problems: Problem[] = [];
  for (const entry of bodiesOf(vault)) {
    const { file } = entry;
    for (const { name, line } of readBody(entry).strangers)
      problems.push({
        file,
        field: inBody(`<${name}>`, line),
        message: `there is no such component; there are ${COMPONENTS.join(", ")}${hintFor(name, COMPONENTS)}`,
      });
    for (const mention of readBody(entry).mentions) {
      const message = faultOf(named, file, mention);
      if (message) problems.push({ file, field: inBody(`<${mention.name}>`, mention.line), message });
    }
  }
  return [...problems, ...bareNotes(vault, measured)];
}

interface Names extends Shown {
  readonly ids: Readonly<Record<"notes" | "sources" | "glossary" | "experiments" | "claims" | "traces", Set<string>>>;
}

function namesOf(vault: Vault, measured: Shown["measured"]): Names {
  const subjects = subjectsOf(vault);
  const ids = (kind: "notes" | "sources" | "glossary" | "experiments") => new Set(vault[kind].map(({ id }) => id));
  return {
    measured,
    shownFirst: (experiment) => {
      const subject = shownFirst(experiment, subjects, vault.experiments);
      if (!subject) throw new Error("there is no model to read it from: content/models has no card");
      return subject;
    },
    ids: {
      notes: ids("notes"),
      sources: ids("sources"),
      glossary: ids("glossary"),
      experiments: ids("experiments"),
      claims: claimKeys(vault),
      traces: traceIds(vault),
    },
  };
}

/** What each component must name, by which attribute. `Value` names an estimate, and is looked up; `UnitGraph` a task of its experiment. */
const NAMED = {
  Cite: ["note", "notes", "note"],
  Claim: ["of", "claims", "claim"],
  Source: ["id", "sources", "source"],
  Term: ["id", "glossary", "glossary entry"],
  SoundingLog: ["experiment", "experiments", "experiment"],
  Figure: ["experiment", "experiments", "experiment"],
  TraceStrip: ["id", "traces", "trace prompt"],
} as const;

function faultOf(names: Names, file: string, { name, attributes, quantities }: Mention): string | undefined {
  const lacks = (attribute: string) => `expected the attribute ${attribute}="…", found none`;
  if (name === "Value") {
    if (!attributes.of) return lacks("of");
    try {
      readValue(names, attributes.of, attributes.model);
    } catch (error) {
      return (error as Error).message;
    }
    return undefined;
  }
  if (name === "UnitGraph") return attributes.task ? undefined : lacks("task");
  const [attribute, kind, what] = NAMED[name];
  const given = attributes[attribute];
  if (!given) return lacks(attribute);
  const id = name === "Claim" ? keyIn(file, given) : given;
  if (!names.ids[kind].has(id)) return `there is no ${what} "${id}"${hintFor(id, names.ids[kind])}`;
  return quantities && undrawable(names, id, quantities, attributes.model);
}

/** What a figure is to draw that its experiment, where it is measured, does not hold. */
function undrawable(
  { measured, shownFirst }: Shown,
  experiment: string,
  quantities: readonly string[],
  model = shownFirst(experiment).id,
): string | undefined {
  const result = measured(model, experiment)?.result;
  if (!result) return undefined;
  const known = rowsOf(result.tables, "quantities").map((row) => String(row.quantity));
  const unknown = quantities.find((id) => !known.includes(id));
  return unknown === undefined
    ? undefined
    : `${experiment} on ${model} has no quantity "${unknown}" to draw; it has: ${known.join(", ") || "none"}`;
}

/** A claim's key; in a note's own body `of` may be the claim's id alone. */
export const keyIn = (file: string, of: string): string =>
  of.includes("/") || !file.startsWith("content/notes/") ? of : `${idOf(file)}/${of}`;

/** A content file's name without its ending. */
export const idOf = (file: string): string => file.replace(/^.*\//, "").replace(/\.\w+$/, "");

/** Notes that a line cites and that have no measured estimate, or no trace, to show. */
function bareNotes(vault: Vault, measured: Shown["measured"]): Problem[] {
  const notes = new Map(vault.notes.map((note) => [note.id, note]));
  const subjects = subjectsOf(vault);
  return vault.lines.flatMap((line) => {
    const cited = readBody(line).mentions.flatMap(({ name, attributes }) =>
      name === "Cite" ? [attributes.note ?? ""] : [],
    );
    return [...new Set(cited)].flatMap((id) => {
      const note = notes.get(id);
      if (!note) return [];
      const estimated = note.data.claims
        .flatMap(({ predictions }) => predictions)
        .some(({ experiment, estimate }) =>
          subjects.some((subject) =>
            measured(subject.id, experiment)?.result.estimates.some((each) => each.id === estimate),
          ),
        );
      const problem = (field: string, message: string): Problem => ({
        file: note.file,
        field,
        message: `cited by ${line.file}, but ${message}`,
      });
      return [
        ...(estimated
          ? []
          : [
              problem(
                "claims",
                "no prediction of it has a measured estimate. Measure its experiments (npm run measure), or do not cite it yet.",
              ),
            ]),
        ...(note.data.traces.length > 0
          ? []
          : [problem("traces", "it shows no trace. Name at least one prompt of content/prompts (kind: traces).")]),
      ];
    });
  });
}
