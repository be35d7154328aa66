import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Source } from "../../pipeline/artifacts/content/source.ts";

const folder = join(import.meta.dirname, "../../content/sources");
const topics = new Set([
  "polysemanticity",
  "depth",
  "co-occurrence",
  "composition",
  "modularity",
  "sparsity",
  "meaning-in-context",
  "measurement",
]);

type Page = { slug: string; head: unknown; body: string };

/** Every source page as written: frontmatter as plain data, and the text below it. */
const pages: Page[] = readdirSync(folder)
  .filter((file) => file.endsWith(".mdx"))
  .sort()
  .map((file) => {
    const match = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(readFileSync(join(folder, file), "utf8"));
    return { slug: file.slice(0, -4), head: parse(match?.[1] ?? ""), body: match?.[2] ?? "" };
  });

const fold = (text: string) => text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** What a slug must begin with: the first author's surname, or the venue's name where no author is known ("(…)"). */
function prefix({ authors, venue, year }: Source): string {
  const author = authors[0] as string;
  const name = author.startsWith("(") ? fold(venue).split(/[^a-z0-9]/)[0] : fold(author).split(" ").at(-1);
  return `${name}-${year}-`;
}

/** The identifier in an arXiv address, without its version. */
const arxivOf = (url: string) => /arxiv\.org\/(?:abs|pdf|html)\/(\d{4}\.\d{4,5})/.exec(url)?.[1];

/** Values that stand more than once. */
const repeated = (values: readonly (string | undefined)[]) =>
  values.filter((value, i) => value !== undefined && values.indexOf(value) !== i);

describe("the sources", () => {
  it("are there, and all parse by the schema", () => {
    expect(pages.length).toBeGreaterThanOrEqual(24);
    for (const { slug, head } of pages) {
      const parsed = Source.safeParse(head);
      expect(parsed.success ? [] : parsed.error.issues, slug).toEqual([]);
    }
  });

  const sources = pages.flatMap(({ slug, head, body }) => {
    const parsed = Source.safeParse(head);
    return parsed.success ? [{ slug, body, source: parsed.data }] : [];
  });

  it.each(sources)("$slug is named for its first author, its year and a word", ({ slug, source }) => {
    expect(slug).toMatch(/^[a-z]+-\d{4}-[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(slug.startsWith(prefix(source)), `expected ${prefix(source)}…`).toBe(true);
  });

  it.each(sources)("$slug has well-formed identifiers that agree with its address", ({ source }) => {
    if (source.arxiv !== undefined) {
      expect(source.arxiv).toMatch(/^\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}$/);
      // A first version can't be younger than the year that the page gives.
      expect(2000 + Number(source.arxiv.slice(0, 2))).toBeLessThanOrEqual(source.year);
    }
    if (/arxiv\.org/.test(source.url)) expect(source.arxiv).toBe(arxivOf(source.url));
    if (source.doi !== undefined) expect(source.doi).toMatch(/^10\.\d{4,9}\/\S+$/);
    if (/doi\.org/.test(source.url)) expect(source.url).toBe(`https://doi.org/${source.doi}`);
  });

  it.each(sources)("$slug uses known topics and says in its body what it shows and does not", ({ source, body }) => {
    expect(source.topics.filter((topic) => !topics.has(topic))).toEqual([]);
    expect(body.trim().split(/\s+/).length).toBeGreaterThan(40);
    const sentences = source.abstract.split(/[.?!](?:\s|$)/).filter((part) => part.trim() !== "").length;
    expect(sentences, "sentences of the abstract").toBeGreaterThanOrEqual(2);
    expect(sentences, "sentences of the abstract").toBeLessThanOrEqual(4);
  });

  it("share no identifier, address or title", () => {
    expect(repeated(sources.map(({ source }) => source.doi?.toLowerCase()))).toEqual([]);
    expect(repeated(sources.map(({ source }) => source.arxiv))).toEqual([]);
    expect(repeated(sources.map(({ source }) => source.url.replace(/\/$/, "")))).toEqual([]);
    expect(repeated(sources.map(({ source }) => fold(source.title)))).toEqual([]);
  });
});
