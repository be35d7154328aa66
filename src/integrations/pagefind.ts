import { readdir, readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";
import { type CustomRecord, close, createIndex } from "pagefind";
import { marksOf, searchable } from "../facts/search-text.ts";

/** What the site writes for the search index, beside its pages: one record for each claim. */
export const recordsFile = "search-records.json";

/** A page as it is indexed: its path in the built folder, and its HTML. */
export interface SearchPage {
  readonly path: string;
  readonly html: string;
}

/**
 * Builds the search index of `dist/` when the pages are there. Pages that carry `data-pagefind-body` are read from their
 * HTML; claims come as records of their own, each with the joint filter value `model:verdict`, since two filters `model` and
 * `verdict` would match a claim that has the one on this model and the other on that.
 */
export function pagefind(): AstroIntegration {
  return {
    name: "soundings:pagefind",
    hooks: {
      "astro:build:done": async ({ dir, pages, logger }) => {
        const folder = fileURLToPath(dir);
        const records: CustomRecord[] = JSON.parse(await readFile(join(folder, recordsFile), "utf8"));
        await writeIndex(join(folder, "pagefind"), searchPages(folder, pages), records);
        logger.info(`${pages.length} pages, ${records.length} claims searchable.`);
      },
    },
  };
}

/** The pages of a built folder that are searched, one after the other. */
async function* searchPages(folder: string, pages: readonly { pathname: string }[]): AsyncGenerator<SearchPage> {
  for (const { pathname } of pages) {
    if (pathname.startsWith("cards/")) continue;
    const path = join(folder, pathname === "404/" ? "404.html" : join(pathname, "index.html"));
    const html = await readFile(path, "utf8");
    if (html.includes("data-pagefind-body")) yield { path: relative(folder, path), html };
  }
}

/** Writes an index of pages and records into `to`. Throws, naming what, when the index does not take something. */
export async function writeIndex(
  to: string,
  pages: AsyncIterable<SearchPage> | Iterable<SearchPage>,
  records: Iterable<CustomRecord>,
): Promise<void> {
  const { index, errors } = await createIndex({ includeCharacters: "_=", excludeSelectors: ["svg"] });
  if (!index) throw new Error(`The search index could not be started: ${errors.join("; ")}`);
  const taking: Promise<void>[] = [];
  const take = async (answer: Promise<{ errors: string[] }>, what: string) => {
    taking.push(answer.then((taken) => must(taken, what)));
    if (taking.length >= AT_ONCE) await Promise.all(taking.splice(0));
  };
  try {
    for await (const { path, html } of pages)
      await take(index.addHTMLFile({ sourcePath: path, content: searchable(html) }), path);
    for (const record of records) {
      const content = `${record.content} ${marksOf(Object.entries(record.filters ?? {}))}`;
      await take(index.addCustomRecord({ ...record, content }), record.url);
    }
    await Promise.all(taking);
    must(await index.writeFiles({ outputPath: to }), to);
    for (const name of await readdir(to)) if (UNUSED.test(name)) await rm(join(to, name));
  } finally {
    await close();
  }
}

/** How many pages are on their way to the indexer, which is a process of its own. */
const AT_ONCE = 32;

/** Pagefind's own interface and its styles: the site has one of its own. */
const UNUSED = /^pagefind-(?:ui|modular-ui|component-ui|highlight)\./;

function must({ errors }: { errors: string[] }, what: string): void {
  if (errors.length > 0) throw new Error(`The search index did not take ${what}: ${errors.join("; ")}`);
}
