import { createHash } from "node:crypto";
import type { Entry } from "../../pipeline/artifacts/vault.ts";
import type { Facts } from "./facts.ts";
import { base, origin, repository } from "./place.ts";

/**
 * What a page of a line, note, source, topic or experiment, or of data, is made from, as one hash each: a page whose hash is that
 * of the last build is not rendered again (Astro's incremental build; it adds the code that renders it). A hash covers the page's own file, the
 * files of all that it names or that name it, and everything that is on many pages: measurements and their history, models,
 * protocols, prompts, the glossary, where the site is served.
 */
export interface CacheKeys {
  readonly line: (id: string) => string;
  readonly note: (id: string) => string;
  readonly source: (id: string) => string;
  readonly topic: (id: string) => string;
  readonly experiment: (id: string) => string;
  /** Of all pages and tables of measurements. */
  readonly data: string;
}

const known = new WeakMap<Facts, CacheKeys>();

/** The keys of all pages; what is on many of them is hashed once. */
export function cacheKeys(facts: Facts): CacheKeys {
  const keys = known.get(facts) ?? drawUp(facts);
  known.set(facts, keys);
  return keys;
}

function drawUp(facts: Facts): CacheKeys {
  const { vault } = facts;
  const common = hash([
    [origin, base, repository],
    ...[vault.models, vault.families, vault.prompts, vault.glossary, vault.experiments].map((each) =>
      each.map(fileHash),
    ),
    facts.subjects.flatMap(({ id }) =>
      vault.experiments.map((each) => facts.measured(id, each.id)?.provenance ?? null).map((each) => [id, each]),
    ),
    facts.changes,
  ]);
  const notes = new Map(vault.notes.map((note) => [note.id, note]));
  /** Notes that a body cites, or states a claim of. */
  const said = (file: string) =>
    (facts.mentions.get(file) ?? []).map(({ attributes: { note, of } }) => notes.get(note ?? of?.split("/")[0] ?? ""));
  const key = (...entries: readonly (Entry<unknown> | undefined)[]) =>
    hash([common, ...entries.map((entry) => (entry ? fileHash(entry) : null))]);
  return {
    line: (id) => {
      const { line, topics, claims, notes: cited, from } = facts.lines.get(id)!;
      const next = line.data.next.map(({ to }) => facts.lines.get(to)?.line);
      const stated = claims.map(({ note }) => note);
      return key(line, ...topics, ...stated, ...cited.map(({ note }) => note), ...from, ...next, ...said(line.file));
    },
    note: (id) => {
      const { note, topics, sources, lines, relatedBy } = facts.notes.get(id)!;
      const related = note.data.related.map((each) => notes.get(each.note));
      const [cited, back] = [sources.map(({ source }) => source), relatedBy.map((each) => each.note)];
      return key(note, ...topics, ...cited, ...lines.map(({ from }) => from), ...back, ...related, ...said(note.file));
    },
    source: (id) => {
      const { source, notes: citing } = facts.sources.get(id)!;
      return key(
        source,
        ...source.data.topics.map((each) => facts.topics.get(each)?.topic),
        ...citing.map(({ note }) => note),
        ...said(source.file),
      );
    },
    topic: (id) => {
      const { topic, notes: about, lines, sources } = facts.topics.get(id)!;
      return key(
        topic,
        ...about.map(({ note }) => note),
        ...lines.map(({ line }) => line),
        ...sources,
        ...said(topic.file),
      );
    },
    experiment: (id) => {
      const { experiment, claims, changes } = facts.experiments.get(id)!;
      const [stated, lines] = [claims.map(({ note }) => note), changes.map(({ line }) => line)];
      return key(experiment, ...stated, ...lines, ...said(experiment.file));
    },
    data: common,
  };
}

const hashes = new WeakMap<Entry<unknown>, string>();

function fileHash(entry: Entry<unknown>): string {
  const found = hashes.get(entry) ?? hash(entry);
  hashes.set(entry, found);
  return found;
}

const hash = (of: unknown): string => createHash("sha256").update(JSON.stringify(of)).digest("hex");
