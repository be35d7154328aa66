import type { Line as LineData } from "../../pipeline/artifacts/content/line.ts";
import type { Note as NoteData } from "../../pipeline/artifacts/content/note.ts";
import type { Protocol as ProtocolData } from "../../pipeline/artifacts/content/protocol.ts";
import type { Source as SourceData } from "../../pipeline/artifacts/content/source.ts";
import type { Term as TermData } from "../../pipeline/artifacts/content/term.ts";
import type { Entry } from "../../pipeline/artifacts/vault.ts";

/** Valid entries of each kind that tests vary. */

const entry = <T>(folder: string, id: string, data: T): Entry<T> => ({
  id,
  file: `content/${folder}/${id}.mdx`,
  body: "",
  data,
});
const date = "2026-11-22";

export const Topic = (id: string) =>
  entry("topics", id, { title: id, question: "Which?", about: "It.", aliases: [] as string[] });

export const Source = (id: string) =>
  entry<SourceData>("sources", id, {
    title: id,
    authors: ["A. Author"],
    year: 2024,
    venue: "A journal",
    kind: "article",
    url: "https://example.org/",
    topics: ["depth"],
    abstract: "It finds.",
    figures: [],
    accessed: date,
    aliases: [],
  });

export const Protocol = (id: string, more: Partial<ProtocolData> = {}) =>
  entry<ProtocolData>("experiments", id, {
    title: id,
    question: "Which?",
    quantity: "One.",
    data: "Brown.",
    controls: [{ code: "RW", what: "Random weights." }],
    test: "Bootstrap.",
    cost: "A minute.",
    limits: ["One model."],
    falsifier: "None.",
    subject: "model",
    planned: false,
    ...more,
  });

export const Note = (id: string, more: Partial<NoteData>) =>
  entry<NoteData>("notes", id, {
    title: id,
    standfirst: "So.",
    summary: "So.",
    date,
    version: 1,
    topics: [],
    claims: [],
    traces: [],
    related: [],
    silent: ["Much."],
    aliases: [],
    history: [],
    ...more,
  });

export const Line = (id: string, more: Partial<LineData>) =>
  entry<LineData>("lines", id, {
    title: id,
    standfirst: "This explores it.",
    date,
    version: 1,
    topics: [],
    claims: [],
    change: [],
    next: [],
    aliases: [],
    history: [],
    ...more,
  });

export const Glossary = (id: string, more: Partial<TermData>) =>
  entry<TermData>("glossary", id, { title: id, short: "It.", shows: "entropy", see: [], ...more });
