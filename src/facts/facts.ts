import { claimAnchors } from "../../pipeline/artifacts/addresses.ts";
import { bodiesOf, readBody } from "../../pipeline/artifacts/body.ts";
import type { Line } from "../../pipeline/artifacts/content/line.ts";
import type { ModelCard } from "../../pipeline/artifacts/content/model-card.ts";
import type { Note } from "../../pipeline/artifacts/content/note.ts";
import type { Protocol } from "../../pipeline/artifacts/content/protocol.ts";
import type { Source } from "../../pipeline/artifacts/content/source.ts";
import type { Topic } from "../../pipeline/artifacts/content/topic.ts";
import type { Change } from "../../pipeline/artifacts/history.ts";
import type { Mention } from "../../pipeline/artifacts/mentions.ts";
import { experimentsOf, type Subject, shownFirst, subjectsOf } from "../../pipeline/artifacts/subjects.ts";
import type { Entry, Vault } from "../../pipeline/artifacts/vault.ts";
import type { Measured } from "../../pipeline/artifacts/verdict.ts";
import { claimKey } from "./addresses.ts";
import { type ClaimFacts, claimsOf, type Lookup } from "./claims.ts";
import { type Links, linksOf } from "./links.ts";

/** A sentence of another page that speaks of this one. */
export interface Backlink<T> {
  readonly from: Entry<T>;
  readonly sentences: readonly string[];
}

export interface NoteFacts {
  readonly note: Entry<Note>;
  readonly claims: readonly ClaimFacts[];
  readonly topics: readonly Entry<Topic>[];
  /** Sources in order of first mention, with what the claims say of each. */
  readonly sources: readonly { source: Entry<Source>; checks: readonly SourceCheck[] }[];
  /** Lines that cite it or stand on one of its claims. */
  readonly lines: readonly Backlink<Line>[];
  /** Notes that name it as related. */
  readonly relatedBy: readonly { note: Entry<Note>; relation: Note["related"][number]["relation"]; why: string }[];
  /** Experiments that its predictions rest on, in order. */
  readonly experiments: readonly string[];
  /** Those that its own text draws: they need no figure under the claims. */
  readonly drawn: readonly string[];
}

export interface SourceCheck {
  readonly claim: ClaimFacts;
  readonly locator: string;
  readonly check: ClaimFacts["claim"]["sources"][number]["check"];
  readonly remark: string;
}

export interface LineFacts {
  readonly line: Entry<Line>;
  readonly claims: readonly ClaimFacts[];
  readonly topics: readonly Entry<Topic>[];
  /** In order of citation. */
  readonly notes: readonly NoteFacts[];
  /** Id of the sentence's anchor for each claim that the essay makes, by `note/claim`. */
  readonly anchors: ReadonlyMap<string, string>;
  /** Lines that lead here. */
  readonly from: readonly Entry<Line>[];
}

export interface SourceFacts {
  readonly source: Entry<Source>;
  readonly notes: readonly {
    note: Entry<Note>;
    checks: readonly SourceCheck[];
    /** Of the note's text, those that name it. */
    sentences: readonly string[];
  }[];
}

export interface TopicFacts {
  readonly topic: Entry<Topic>;
  readonly notes: readonly NoteFacts[];
  readonly lines: readonly LineFacts[];
  readonly sources: readonly Entry<Source>[];
}

export interface ExperimentFacts {
  readonly experiment: Entry<Protocol>;
  readonly claims: readonly ClaimFacts[];
  readonly artifacts: readonly { model: Subject; measured: Measured }[];
  /** Lines whose answer it could change, with what would be done. */
  readonly changes: readonly { line: Entry<Line>; what: string }[];
}

/** Every fact that pages show, computed once; components only read it. */
export interface Facts {
  readonly vault: Vault;
  /** The default model first. */
  readonly models: readonly Entry<ModelCard>[];
  readonly defaultModel: Entry<ModelCard>;
  /** Everything that is measured: the default model, the other models, families that are trained here. */
  readonly subjects: readonly Subject[];
  /** The one that an experiment is shown on where no other is asked for. */
  readonly shownFirst: (experiment: string) => Subject;
  readonly measured: Lookup;
  readonly claims: ReadonlyMap<string, ClaimFacts>;
  readonly notes: ReadonlyMap<string, NoteFacts>;
  readonly lines: ReadonlyMap<string, LineFacts>;
  readonly sources: ReadonlyMap<string, SourceFacts>;
  readonly topics: ReadonlyMap<string, TopicFacts>;
  readonly experiments: ReadonlyMap<string, ExperimentFacts>;
  /** What moved each time something was measured, newest first. */
  readonly changes: readonly Change[];
  /** Components of each body, by file. */
  readonly mentions: ReadonlyMap<string, readonly Mention[]>;
}

/**
 * Facts from what people wrote and machines measured. Links that lead nowhere are left out here: `references` reports them
 * all at once, and the build stops on them. Throws when no model card, or more than one, is the default.
 */
export function factsOf(vault: Vault, measured: Lookup, changes: readonly Change[]): Facts {
  const defaults = vault.models.filter((model) => model.data.default);
  const defaultModel = defaults[0];
  if (!defaultModel || defaults.length > 1)
    throw new Error(
      `content/models: expected one card with "default: true", found ${defaults.length} (${defaults.map((m) => m.file).join(", ") || "none"}).`,
    );
  // By id and not by file name, where "a-2.yaml" comes before "a.yaml".
  const others = vault.models.filter((model) => model !== defaultModel).sort((a, b) => (a.id < b.id ? -1 : 1));
  const models = [defaultModel, ...others];
  const subjects = subjectsOf(vault);
  const claims = claimsOf(vault, subjects, measured);
  const mentions = new Map<string, readonly Mention[]>();
  for (const entry of bodiesOf(vault)) mentions.set(entry.file, readBody(entry).mentions);

  const links = linksOf(vault, mentions);
  const notes = new Map(vault.notes.map((note) => [note.id, noteFacts(note, claims, mentions, links)]));
  const lines = new Map(vault.lines.map((line) => [line.id, lineFacts(line, claims, notes, mentions, links)]));
  const citing = groupedBy(notes.values(), ({ sources }) => sources.map(({ source }) => source.id));
  const about = {
    notes: groupedBy(notes.values(), ({ note }) => note.data.topics),
    lines: groupedBy(lines.values(), ({ line }) => line.data.topics),
    sources: groupedBy(vault.sources, ({ data }) => data.topics),
  };
  const changing = groupedBy(
    vault.lines.flatMap((line) => line.data.change.map(({ what, experiment }) => ({ line, what, experiment }))),
    ({ experiment }) => (experiment ? [experiment] : []),
  );
  const deciding = groupedBy(claims.values(), ({ claim }) => experimentsOf(claim));
  return {
    vault,
    models,
    defaultModel,
    subjects,
    // There is one: the default model.
    shownFirst: (experiment) => shownFirst(experiment, subjects, vault.experiments)!,
    measured,
    claims,
    notes,
    lines,
    sources: new Map(
      vault.sources.map((source) => [source.id, sourceFacts(source, citing.get(source.id) ?? [], mentions)]),
    ),
    topics: new Map(
      vault.topics.map((topic) => [
        topic.id,
        {
          topic,
          notes: about.notes.get(topic.id) ?? [],
          lines: about.lines.get(topic.id) ?? [],
          sources: about.sources.get(topic.id) ?? [],
        },
      ]),
    ),
    experiments: new Map(
      vault.experiments.map((each) => [
        each.id,
        {
          experiment: each,
          claims: deciding.get(each.id) ?? [],
          artifacts: artifactsOf(each, subjects, measured),
          changes: changing.get(each.id) ?? [],
        },
      ]),
    ),
    changes,
    mentions,
  };
}

type Mentions = ReadonlyMap<string, readonly Mention[]>;
const present = <T>(value: T | undefined): value is T => value !== undefined;
const unique = <T>(values: Iterable<T>): T[] => [...new Set(values)];

/** Things by each of the keys that they have, in their own order: every page finds its own without looking through all. */
function groupedBy<T>(things: Iterable<T>, keysOf: (thing: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things)
    for (const key of new Set(keysOf(thing))) {
      const group = groups.get(key);
      if (group) group.push(thing);
      else groups.set(key, [thing]);
    }
  return groups;
}

function noteFacts(
  note: Entry<Note>,
  claims: ReadonlyMap<string, ClaimFacts>,
  mentions: Mentions,
  links: Links,
): NoteFacts {
  const own = note.data.claims.map((claim) => claims.get(claimKey(note, claim.id))).filter(present);
  const named = (mentions.get(note.file) ?? []).filter((m) => m.name === "Source").map((m) => m.attributes.id ?? "");
  const ids = unique([...own.flatMap(({ claim }) => claim.sources.map((s) => s.source)), ...named]);
  return {
    note,
    claims: own,
    topics: note.data.topics.map((id) => links.topics.get(id)).filter(present),
    sources: ids
      .map((id) => links.sources.get(id))
      .filter(present)
      .map((source) => ({
        source,
        checks: own.flatMap((claim) =>
          claim.claim.sources
            .filter((s) => s.source === source.id)
            .map(({ locator, check, remark }) => ({ claim, locator, check, remark })),
        ),
      })),
    lines: (links.linesOf.get(note.id) ?? []).map((from) => ({
      from,
      sentences: sentencesAbout(note.id, mentions.get(from.file) ?? []),
    })),
    relatedBy: links.relatedTo.get(note.id) ?? [],
    drawn: (mentions.get(note.file) ?? [])
      .filter(({ name }) => name === "SoundingLog" || name === "Figure")
      .map(({ attributes }) => attributes.experiment ?? ""),
    experiments: unique(note.data.claims.flatMap((claim) => claim.predictions.map((p) => p.experiment))),
  };
}

/** The sentences that cite a note or state one of its claims, each once. */
function sentencesAbout(note: string, mentions: readonly Mention[]): string[] {
  return unique(
    mentions
      .filter(({ name, attributes }) =>
        name === "Cite" ? attributes.note === note : name === "Claim" && attributes.of?.startsWith(`${note}/`),
      )
      .map(({ sentence }) => sentence)
      .filter((sentence) => sentence !== ""),
    // A claim's sentence that is quoted whole in its citation's is not said twice.
  ).filter((sentence, _, all) => !all.some((other) => other !== sentence && other.includes(sentence)));
}

function lineFacts(
  line: Entry<Line>,
  claims: ReadonlyMap<string, ClaimFacts>,
  notes: ReadonlyMap<string, NoteFacts>,
  mentions: Mentions,
  links: Links,
): LineFacts {
  const own = mentions.get(line.file) ?? [];
  const cited = unique(own.filter((m) => m.name === "Cite").map((m) => m.attributes.note ?? ""));
  return {
    line,
    claims: line.data.claims.map((key) => claims.get(key)).filter(present),
    topics: line.data.topics.map((id) => links.topics.get(id)).filter(present),
    notes: cited.map((id) => notes.get(id)).filter(present),
    anchors: claimAnchors(own),
    from: links.leadingTo.get(line.id) ?? [],
  };
}

function sourceFacts(source: Entry<Source>, citing: readonly NoteFacts[], mentions: Mentions): SourceFacts {
  const checksIn = ({ sources }: NoteFacts) => sources.find((each) => each.source === source)?.checks ?? [];
  const sentencesIn = ({ note }: NoteFacts) =>
    unique(
      (mentions.get(note.file) ?? [])
        .filter(({ name, attributes, sentence }) => name === "Source" && attributes.id === source.id && sentence !== "")
        .map(({ sentence }) => sentence),
    );
  return {
    source,
    notes: citing.map((each) => ({ note: each.note, checks: checksIn(each), sentences: sentencesIn(each) })),
  };
}

function artifactsOf(
  experiment: Entry<Protocol>,
  subjects: readonly Subject[],
  measured: Lookup,
): ExperimentFacts["artifacts"] {
  return subjects.flatMap((model) => {
    const found = measured(model.id, experiment.id);
    return found ? [{ model, measured: found }] : [];
  });
}
