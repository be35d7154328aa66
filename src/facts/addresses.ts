import { GLOSSARY, pageOf } from "../../pipeline/artifacts/addresses.ts";
import type { Note } from "../../pipeline/artifacts/content/note.ts";
import type { Entry } from "../../pipeline/artifacts/vault.ts";

/** The address of every kind of page, in one place. All end in `/`. */
export const addressOf = {
  line: (id: string) => pageOf("lines", id),
  note: (id: string) => pageOf("notes", id),
  claim: (note: string, claim: string) => `/notes/${note}/#${claim}`,
  source: (id: string) => pageOf("sources", id),
  topic: (id: string) => pageOf("topics", id),
  model: (id: string) => pageOf("models", id),
  experiment: (id: string) => pageOf("experiments", id),
  term: (id: string) => `${GLOSSARY}#${id}`,
  trace: (_model: string, id: string) => `/traces/${id}/`,
  units: (model: string, block: number) => `/units/${model}/${block}/`,
  unit: (model: string, block: number, unit: number) => `/units/${model}/${block}/#unit-${unit}`,
  result: (model: string, experiment: string) => `/artifacts/${model}/${experiment}/result.json`,
  estimate: (model: string, experiment: string, id: string) => `/data/${model}/${experiment}/#${id}`,
  data: (model: string, experiment: string) => `/data/${model}/${experiment}/`,
  changes: (of: { model?: string; experiment?: string } = {}) =>
    of.model ? `/changes/models/${of.model}/` : of.experiment ? `/changes/experiments/${of.experiment}/` : "/changes/",
  change: (model: string, name: string) => `/artifacts/${model}/changes/${name}`,
  comparison: (a: string, b: string) => `/models/compare/${a}/${b}/`,
  claimCard: (note: string, claim: string) => `/cards/notes/${note}/#${claim}`,
} as const;

/** `note/claim`, the name of a claim everywhere. */
export const claimKey = (note: Entry<Note> | string, claim: string): string =>
  `${typeof note === "string" ? note : note.id}/${claim}`;
