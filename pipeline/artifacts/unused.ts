import { FOLDERS, GLOSSARY } from "./addresses.ts";
import { keyIn } from "./bodies.ts";
import { bodiesOf, readBody } from "./body.ts";
import { targetOf } from "./page-links.ts";
import type { Entry, Problem, Vault } from "./vault.ts";

/**
 * Sources that nothing cites, notes to which no line or other note leads, glossary entries that no text uses. None of it is wrong,
 * and each is where an author may have stopped half-way. Pure; every body must be MDX.
 */
export function findUnused(vault: Vault): Problem[] {
  const used = usedIn(vault);
  const unused = (kind: "notes" | "sources" | "glossary", field: string, message: (id: string) => string): Problem[] =>
    vault[kind].filter(({ id }) => !used[kind].has(id)).map(({ id, file }) => ({ file, field, message: message(id) }));
  return [
    ...unused(
      "notes",
      "title",
      (id) =>
        `no line and no other note leads here. Cite it (<Cite note="${id}" />), put a claim of it into a line's ledger, or name it under \`related\` of a note`,
    ),
    ...unused(
      "sources",
      "title",
      (id) =>
        `nothing cites it. Name it under \`sources\` of a claim or in a text (<Source id="${id}" />), or remove it`,
    ),
    ...unused(
      "glossary",
      "title",
      (id) => `no text uses it. Mark the word where it is needed (<Term id="${id}">…</Term>), or remove the entry`,
    ),
  ];
}

type Named = "notes" | "sources" | "glossary";

function usedIn(vault: Vault): Readonly<Record<Named, ReadonlySet<string>>> {
  const used = { notes: new Set<string>(), sources: new Set<string>(), glossary: new Set<string>() };
  /** What a page says of itself leads nobody to it. */
  const use = (kind: Named, id: string | undefined, by: Entry<unknown>) => {
    if (id !== undefined && by.file !== `content/${kind}/${id}.mdx`) used[kind].add(id);
  };
  for (const line of vault.lines) for (const claim of line.data.claims) use("notes", noteOf(claim), line);
  for (const note of vault.notes) {
    for (const related of note.data.related) use("notes", related.note, note);
    for (const { source } of note.data.claims.flatMap(({ sources }) => sources)) use("sources", source, note);
  }
  for (const model of vault.models) use("sources", model.data.source, model);
  for (const entry of bodiesOf(vault)) {
    const { mentions, links } = readBody(entry);
    for (const { name, attributes } of mentions) {
      if (name === "Cite") use("notes", attributes.note, entry);
      if (name === "Claim" && attributes.of) use("notes", noteOf(keyIn(entry.file, attributes.of)), entry);
      if (name === "Source") use("sources", attributes.id, entry);
      if (name === "Term") use("glossary", attributes.id, entry);
    }
    for (const { address } of links) {
      const { page, part } = targetOf(address, entry) ?? {};
      if (page === GLOSSARY) use("glossary", part, entry);
      for (const kind of ["notes", "sources"] as const) {
        const [, folder, id] = page?.split("/") ?? [];
        if (folder === FOLDERS[kind]) use(kind, id, entry);
      }
    }
  }
  return used;
}

const noteOf = (claim: string) => claim.split("/")[0];
