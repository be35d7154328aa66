import type { Line } from "../../pipeline/artifacts/content/line.ts";
import type { Note } from "../../pipeline/artifacts/content/note.ts";
import type { Source } from "../../pipeline/artifacts/content/source.ts";
import type { Topic } from "../../pipeline/artifacts/content/topic.ts";
import type { Mention } from "../../pipeline/artifacts/mentions.ts";
import type { Entry, Vault } from "../../pipeline/artifacts/vault.ts";

/** Who names whom, gathered in one walk over the vault: looking through all entries for each would cost their square. */
export interface Links {
  readonly topics: ReadonlyMap<string, Entry<Topic>>;
  readonly sources: ReadonlyMap<string, Entry<Source>>;
  /** By note: the lines that cite it, state one of its claims or have one in their ledger. */
  readonly linesOf: ReadonlyMap<string, readonly Entry<Line>[]>;
  /** By note: the notes that name it as related. */
  readonly relatedTo: ReadonlyMap<string, readonly Related[]>;
  /** By line: the lines that lead to it. */
  readonly leadingTo: ReadonlyMap<string, readonly Entry<Line>[]>;
}

interface Related {
  readonly note: Entry<Note>;
  readonly relation: Note["related"][number]["relation"];
  readonly why: string;
}

export function linksOf(
  vault: Pick<Vault, "lines" | "notes" | "sources" | "topics">,
  mentions: ReadonlyMap<string, readonly Mention[]>,
): Links {
  const linesOf = new Map<string, Set<Entry<Line>>>();
  const leadingTo = new Map<string, Set<Entry<Line>>>();
  const relatedTo = new Map<string, Related[]>();
  for (const line of vault.lines) {
    for (const key of line.data.claims) add(linesOf, noteOf(key), line);
    for (const { name, attributes } of mentions.get(line.file) ?? []) {
      if (name === "Cite" && attributes.note) add(linesOf, attributes.note, line);
      if (name === "Claim" && attributes.of) add(linesOf, noteOf(attributes.of), line);
    }
    for (const { to } of line.data.next) add(leadingTo, to, line);
  }
  for (const note of vault.notes)
    for (const { note: to, relation, why } of note.data.related) {
      const others = relatedTo.get(to) ?? [];
      relatedTo.set(to, [...others, { note, relation, why }]);
    }
  return {
    topics: new Map(vault.topics.map((topic) => [topic.id, topic])),
    sources: new Map(vault.sources.map((source) => [source.id, source])),
    linesOf: lists(linesOf),
    relatedTo,
    leadingTo: lists(leadingTo),
  };
}

const noteOf = (claim: string) => claim.split("/")[0] ?? claim;

function add<T>(groups: Map<string, Set<T>>, key: string, thing: T): void {
  const group = groups.get(key);
  if (group) group.add(thing);
  else groups.set(key, new Set([thing]));
}

const lists = <T>(groups: ReadonlyMap<string, ReadonlySet<T>>): Map<string, T[]> =>
  new Map([...groups].map(([key, group]) => [key, [...group]]));
