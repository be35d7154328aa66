import { Cite } from "@citation-js/core";
import "@citation-js/plugin-bibtex";
import "@citation-js/plugin-ris";
import type { Source } from "../../pipeline/artifacts/content/source.ts";
import type { Entry } from "../../pipeline/artifacts/vault.ts";
import { addressOf } from "./addresses.ts";
import { longDate } from "./numbers.ts";
import { absolute, siteTitle } from "./place.ts";
import { namesOf } from "./words.ts";

/** The same reference in the forms that people paste. */
export interface Citation {
  plain: string;
  bibtex: string;
  ris: string;
  csl: string;
}

const cslTypes: Record<Source["kind"], string> = {
  article: "article-journal",
  preprint: "article",
  post: "post-weblog",
  report: "report",
  dataset: "dataset",
  software: "software",
  book: "book",
};

/** `Jane de Roe` as CSL has names; a name in one word stands for a group. */
function nameOf(author: string): Record<string, string> {
  const words = author.split(" ");
  if (words.length === 1) return { literal: author };
  return { family: words.at(-1)!, given: words.slice(0, -1).join(" ") };
}

const dateParts = (day: string) => ({ "date-parts": [day.slice(0, 10).split("-").map(Number)] });

function forms(csl: Record<string, unknown>, plain: string): Citation {
  const cite = new Cite([csl]);
  return {
    plain,
    bibtex: String(cite.format("bibtex")).trim(),
    ris: risOf(cite.format("ris", { format: "object" })),
    csl: JSON.stringify(csl, null, 2),
  };
}

/** Records as a RIS file has them. The plug-in's own text breaks each line at 70 characters, and readers put a space there. */
const risOf = (records: unknown): string =>
  (records as Record<string, string | number | (string | number)[]>[])
    .map(({ TY, ...fields }) =>
      [
        `TY  - ${TY}`,
        ...Object.entries(fields).flatMap(([tag, values]) => [values].flat().map((value) => `${tag}  - ${value}`)),
        "ER  - ",
      ].join("\n"),
    )
    .join("\n");

/** How to cite one of our pages. */
export function citePage(page: {
  id: string;
  title: string;
  address: string;
  date: string;
  version: number;
}): Citation {
  const url = absolute(page.address);
  const year = page.date.slice(0, 4);
  return forms(
    {
      id: `${siteTitle.toLowerCase()}-${page.id}`,
      type: "webpage",
      title: page.title,
      author: [{ literal: siteTitle }],
      "container-title": siteTitle,
      issued: dateParts(page.date),
      version: String(page.version),
      URL: url,
    },
    `${siteTitle} (${year}). ${page.title} Version ${page.version}, ${longDate(page.date)}. ${url}`,
  );
}

/** How to cite one figure: what was measured, on what, when; its address is that of its data. */
export function citeFigure(figure: {
  caption: string;
  model: { id: string; title: string };
  experiment: string;
  /** When it was measured, as an ISO date. */
  date: string;
}): Citation {
  const { caption, model, experiment, date } = figure;
  const url = absolute(addressOf.data(model.id, experiment));
  return forms(
    {
      id: `${siteTitle.toLowerCase()}-${model.id}-${experiment}`,
      type: "dataset",
      title: caption,
      author: [{ literal: siteTitle }],
      "container-title": siteTitle,
      issued: dateParts(date),
      note: `Figure; ${experiment} measured on ${model.title}`,
      URL: url,
    },
    `${siteTitle} (${date.slice(0, 4)}). ${/[.?!]$/.test(caption) ? caption : `${caption}.`} Figure: ${experiment} on ${model.title}, measured ${longDate(date)}. ${url}`,
  );
}

/** How to cite a source. */
export function citeSource({ id, data }: Entry<Source>): Citation {
  return forms(
    {
      id,
      type: cslTypes[data.kind],
      title: data.title,
      author: data.authors.map(nameOf),
      "container-title": data.venue,
      issued: { "date-parts": [[data.year]] },
      ...(data.doi ? { DOI: data.doi } : {}),
      URL: data.url,
    },
    `${namesOf(data.authors)} (${data.year}). ${data.title.replace(/[.?!]$/, "")}. ${data.venue}. ${data.doi ? `https://doi.org/${data.doi}` : data.url}`,
  );
}
