import type * as content from "../../pipeline/artifacts/content.ts";
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
  entry<content.Source>("sources", id, {
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

export const Protocol = (id: string, more: Partial<content.Protocol> = {}) =>
  entry<content.Protocol>("experiments", id, {
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

export const Note = (id: string, more: Partial<content.Note>) =>
  entry<content.Note>("notes", id, {
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

export const Line = (id: string, more: Partial<content.Line>) =>
  entry<content.Line>("lines", id, {
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

export const Glossary = (id: string, more: Partial<content.Term>) =>
  entry<content.Term>("glossary", id, { title: id, short: "It.", shows: "entropy", see: [], ...more });
