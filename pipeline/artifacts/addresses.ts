import type { Mention } from "./mentions.ts";
import type { Kind } from "./vault.ts";

/** The kinds that have pages of their own, and the folder of the site in which these are. */
export const FOLDERS = {
  lines: "inquiring-lines",
  notes: "notes",
  sources: "sources",
  topics: "topics",
  experiments: "experiments",
  models: "models",
} as const satisfies { [K in Kind]?: string };

export type PageKind = keyof typeof FOLDERS;

/** Where a page is: `/notes/why-so/`. */
export const pageOf = (kind: PageKind, id: string): string => `/${FOLDERS[kind]}/${id}/`;

/** The page of all glossary entries, each a part of it by its id. */
export const GLOSSARY = "/glossary/";

/** Parts that pages of a kind may have whatever is written on them, by the ids that can be linked. */
export const PARTS: Readonly<Record<PageKind, readonly string[]>> = {
  lines: ["ledger", "sources", "change", "next", "prompt", "cite", "history"],
  notes: ["claims", "traces", "silent", "sources", "related", "used", "provenance", "cite", "history"],
  sources: ["abstract", "figures", "cited", "cite"],
  topics: ["lines", "notes", "sources"],
  experiments: ["protocol", "result", "decides", "change", "provenance"],
  models: ["card", "training", "fingerprint", "verdicts", "provenance"],
};

/** Ids of the sentences of a line that make a claim, by `note/claim`: of the first one, where several make the same. */
export function claimAnchors(mentions: readonly Mention[]): Map<string, string> {
  const anchors = new Map<string, string>();
  const taken = new Set<string>();
  for (const { name, attributes } of mentions) {
    const key = attributes.of ?? "";
    if (name !== "Claim" || anchors.has(key)) continue;
    const base = `claim-${key.split("/")[1] ?? key}`;
    let id = base;
    for (let i = 2; taken.has(id); i++) id = `${base}-${i}`;
    taken.add(id);
    anchors.set(key, id);
  }
  return anchors;
}
