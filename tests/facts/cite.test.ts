import { Cite } from "@citation-js/core";
import "@citation-js/plugin-bibtex";
import "@citation-js/plugin-ris";
import { describe, expect, it } from "vitest";
import { type Citation, citePage, citeSource } from "../../src/facts/cite.ts";
import { readFacts } from "../../src/facts/site.ts";

interface Csl {
  title: string;
  URL?: string;
  DOI?: string;
  author?: { family?: string; given?: string; literal?: string }[];
  issued?: { "date-parts": number[][] };
}

const parse = (text: string): Csl => {
  const [first] = new Cite(text).data;
  return first as unknown as Csl;
};
const whole = (author: NonNullable<Csl["author"]>[number]) =>
  author.literal ?? [author.given, author.family].filter(Boolean).join(" ");

/** What each form says when somebody's reference manager reads it. */
function readBack(citation: Citation, authors: readonly string[], year: number) {
  return (["bibtex", "ris", "csl"] as const).map((form) => {
    const found = parse(citation[form]);
    return {
      form,
      // BibTeX has \ldots for the one character, which readers take for three.
      title: found.title.replace("...", "…"),
      url: found.URL,
      year: Number(found.issued?.["date-parts"][0]?.[0]) === year,
      authors: (found.author ?? []).map(whole).join("; ") === authors.join("; ") || (found.author ?? []).map(whole),
    };
  });
}

describe.each([
  ["the wiki", "."],
  ["the invented vault", "tests/fixtures/vault"],
])("citations of %s, read back", (_, folder) => {
  const { vault } = readFacts(folder);

  it.each(vault.sources.map((source) => [source.id, source] as const))("source %s", (_, source) => {
    const { title, authors, year, url } = source.data;
    for (const { form, ...found } of readBack(citeSource(source), authors, year))
      expect(found, form).toEqual({ title, url, year: true, authors: true });
  });

  it.each([...vault.lines, ...vault.notes].map((entry) => [entry.id, entry] as const))("page %s", (id, { data }) => {
    const { title, date, version } = data;
    const citation = citePage({ id, title, date, version, address: `/notes/${id}/` });
    for (const { form, ...found } of readBack(citation, ["Soundings"], Number(date.slice(0, 4))))
      expect(found, form).toEqual({
        title,
        url: `https://soundings.example/notes/${id}/`,
        year: true,
        authors: true,
      });
    expect(citation.plain).toContain(`Version ${version}`);
  });
});
