import { Cite } from "@citation-js/core";
import "@citation-js/plugin-bibtex";
import type { z } from "zod";
import { Source } from "../../../artifacts/content/source.ts";
import { badUse, UserError } from "../errors.ts";

/** What a reference says of a source; the rest (abstract, figures, topics) is for its author to write. */
export type Reference = Pick<
  z.input<typeof Source>,
  "title" | "authors" | "year" | "venue" | "kind" | "url" | "doi" | "arxiv"
>;

/** A name as citation-style language has it. */
interface Name {
  readonly literal?: string;
  readonly family?: string;
  readonly given?: string;
  readonly "non-dropping-particle"?: string;
}

/** The fields of citation-style language that are used here (https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables). */
interface Csl {
  readonly type?: string;
  readonly title?: string | readonly string[];
  readonly author?: readonly Name[];
  readonly issued?: { readonly "date-parts"?: readonly (readonly (number | string)[])[] };
  readonly "container-title"?: string | readonly string[];
  readonly publisher?: string;
  readonly URL?: string;
  readonly DOI?: string;
}

const KINDS: Readonly<Record<string, Reference["kind"]>> = {
  "article-journal": "article",
  "paper-conference": "article",
  chapter: "article",
  article: "preprint",
  "post-weblog": "post",
  post: "post",
  webpage: "post",
  dataset: "dataset",
  software: "software",
  book: "book",
};
const ARXIV =
  /(?:arxiv[.:/ ]|eprint\s*=\s*[{"]?\s*(?:arxiv:)?|arxiv\.org\/(?:abs|pdf)\/)(\d{4}\.\d{4,5}|[a-z-]+\/\d{7})/i;

/** Every entry of a BibTeX text. Throws UserError where it is none, or where an entry lacks what a source must have. */
export function referencesOf(bibtex: string): Reference[] {
  const parts = bibtex.split(/(?=^[ \t]*@\w+\s*[{(])/m).filter((part) => part.trim().startsWith("@"));
  const isEntry = (part: string) => !/^\s*@(string|comment|preamble)\b/i.test(part);
  const strings = parts.filter((part) => /^\s*@string\b/i.test(part)).join("");
  const entries = parts.filter(isEntry);
  if (entries.length === 0)
    throw new UserError("There is no BibTeX entry in the text: expected @article{…}, @misc{…} or the like.");
  return entries.map((entry) => {
    let csl: Csl | undefined;
    try {
      csl = new Cite(strings + entry).data[0];
    } catch (error) {
      throw new UserError(`This BibTeX entry cannot be read (${(error as Error).message}):\n${entry.trim()}`);
    }
    return referenceOf(csl ?? {}, entry);
  });
}

/** The reference of a DOI, as its registry has it. An arXiv id is asked for by the DOI that arXiv gives it. Needs a network. */
export async function lookUp({ doi, arxiv }: { doi?: string; arxiv?: string }): Promise<Reference> {
  const id = arxiv === undefined ? doiIn(doi ?? "") : `10.48550/arXiv.${arxivIn(arxiv)}`;
  const address = `https://doi.org/${encodeURI(id)}`;
  const otherwise =
    "Take the BibTeX text from where you found the paper and give it: npm run new -- source --bibtex FILE";
  let answer: Response;
  try {
    answer = await fetch(address, {
      headers: { accept: "application/vnd.citationstyles.csl+json" },
      signal: AbortSignal.timeout(20_000),
    });
  } catch (error) {
    const { cause, message } = error as Error;
    throw new UserError(
      `${address} could not be reached (${(cause as Error | undefined)?.message ?? message}). ${otherwise}`,
    );
  }
  if (!answer.ok)
    throw new UserError(`${address}: ${answer.status}${answer.status === 404 ? ", no such DOI" : ""}. ${otherwise}`);
  return referenceOf((await answer.json()) as Csl, arxiv === undefined ? "" : `arXiv:${arxivIn(arxiv)}`);
}

/** A name for a source's file: `lad-2024-remarkable`. */
export function slugOf({ authors, year, title }: Reference): string {
  const plain = (text: string) =>
    text
      .normalize("NFKD")
      .replace(/[\u0300-\u036f]/g, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "");
  const family = plain(authors[0]!.split(" ").at(-1)!);
  const word = plain(title)
    .split("-")
    .find((each) => each.length > 3 && !["does", "from", "into", "that", "what", "when", "with"].includes(each));
  return [family || "unknown", year, word].filter(Boolean).join("-");
}

function doiIn(text: string): string {
  const [id] = /10\.\d{4,9}\/\S+/.exec(text) ?? [];
  if (!id) throw badUse(`--doi ${text}: expected a DOI, such as 10.1162/tacl_a_00349.`);
  return id;
}

function arxivIn(text: string): string {
  const [id] = /\d{4}\.\d{4,5}|[a-z-]+\/\d{7}/.exec(text) ?? [];
  if (!id) throw badUse(`--arxiv ${text}: expected an arXiv id, such as 2406.19384.`);
  return id;
}

function referenceOf(csl: Csl, raw: string): Reference {
  const arxiv = ARXIV.exec(`${csl.DOI ?? ""} ${csl.URL ?? ""} ${raw}`)?.[1];
  const first = (text: string | readonly string[] | undefined) => (typeof text === "string" ? text : text?.[0])?.trim();
  const year = Number(csl.issued?.["date-parts"]?.[0]?.[0]);
  const venue = first(csl["container-title"]) ?? (arxiv ? "arXiv preprint" : first(csl.publisher));
  const reference = {
    title: first(csl.title)?.replace(/\s+/g, " ") ?? "",
    authors: (csl.author ?? []).map(nameOf).filter((name) => name !== ""),
    year,
    venue: venue || "Where did it appear?",
    kind: arxiv && !csl["container-title"] ? "preprint" : (KINDS[csl.type ?? ""] ?? "report"),
    url: csl.URL ?? (csl.DOI ? `https://doi.org/${csl.DOI}` : arxiv ? `https://arxiv.org/abs/${arxiv}` : ""),
    ...(csl.DOI ? { doi: csl.DOI } : {}),
    ...(arxiv ? { arxiv } : {}),
  } satisfies Reference;
  const { success, error } = Source.pick({ title: true, authors: true, year: true, url: true }).safeParse(
    Object.fromEntries((["title", "authors", "year", "url"] as const).map((field) => [field, reference[field]])),
  );
  if (!success)
    throw new UserError(
      `The reference lacks ${[...new Set(error.issues.map(({ path }) => String(path[0])))].join(", ")}: a source must say it. Add it to the text:\n${raw.trim() || JSON.stringify(csl)}`,
    );
  return reference;
}

const nameOf = ({ literal, given, family, "non-dropping-particle": particle }: Name): string =>
  literal ?? [given, particle, family].filter(Boolean).join(" ");
