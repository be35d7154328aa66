import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { close, createIndex } from "pagefind";
import { escapeMarkup } from "../charts/markup.ts";
import type { SearchRecord } from "../facts/search.ts";
import { marksOf, searchable } from "../facts/search-text.ts";
import type { BeginAfterwork } from "./after-pages.ts";
import { OnTheWay } from "./on-the-way.ts";
import { OnceWritten } from "./once-written.ts";

/** What the site writes for the search index, beside its pages: one record for each claim. */
export const recordsFile = "search-records.json";

/** A page as it is indexed: its path in the built folder, and its HTML. */
export interface SearchPage {
  readonly path: string;
  readonly html: string;
}

/**
 * Writes the search index of the built pages. Those that carry `data-pagefind-body` are read from their HTML, and each
 * claim as a page of its own.
 */
export const searchIndex = (): BeginAfterwork => async (root) => {
  const index = await openIndex();
  let pages = 0;
  const claims = new OnceWritten<SearchRecord>(join(root, recordsFile), async (records) => {
    for (const record of records) await index.record(record);
  });
  return {
    async page({ file, address, html }) {
      claims.look();
      if (address.startsWith("/cards/") || !html.includes("data-pagefind-body")) return;
      pages++;
      await index.page({ path: file, html });
    },
    async done() {
      const records = await claims.done();
      await index.write(join(root, "pagefind"));
      return `${pages} pages, ${records} claims searchable`;
    },
  };
};

/** An index that is being filled. `page` and `record` come back when the indexer has room for more. */
interface OpenIndex {
  page(page: SearchPage): Promise<void>;
  record(record: SearchRecord): Promise<void>;
  /** Writes the index into a folder and closes it. */
  write(to: string): Promise<void>;
}

/** Each of its functions throws, naming what, when the index does not take something. */
export async function openIndex(): Promise<OpenIndex> {
  const { index, errors } = await createIndex({ includeCharacters: "_=", excludeSelectors: REPEATED });
  if (!index) throw new Error(`The search index could not be started: ${errors.join("; ")}`);
  const taking = new OnTheWay(AT_ONCE);
  const take = (answer: Promise<{ errors: string[] }>, what: string) =>
    taking.add(answer.then((taken) => must(taken, what)));
  return {
    page: ({ path, html }) => take(index.addHTMLFile({ sourcePath: path, content: searchable(bodyOf(html)) }), path),
    record: (record) => take(index.addHTMLFile({ url: record.url, content: pageOf(record) }), record.url),
    async write(to) {
      try {
        await taking.all();
        // The indexer would write one file after the other, which takes longer than all else that it does here.
        const { errors, files } = await index.getFiles();
        must({ errors }, to);
        const wanted = files.filter(({ path }) => !UNUSED.test(path));
        for (const folder of new Set(wanted.map(({ path }) => dirname(join(to, path)))))
          await mkdir(folder, { recursive: true });
        while (wanted.length > 0) {
          const batch = wanted.splice(-AT_ONCE);
          await Promise.all(batch.map(({ path, content }) => writeFile(join(to, path), content)));
        }
      } finally {
        await close();
      }
    },
  };
}

/** A claim's record as a page: the index takes words without weight, which its marks are, from pages alone. */
function pageOf({ content, meta, traits }: SearchRecord): string {
  const metas = Object.entries(meta).map(
    ([name, value]) => `<span data-pagefind-meta="${name}[data-value]" data-value="${escapeMarkup(value)}"></span>`,
  );
  const marks = `<span data-pagefind-weight="0">${marksOf(traits)}</span>`;
  return `<html lang="en"><body><main data-pagefind-body>${metas.join("")}<p>${escapeMarkup(content)}</p>${marks}</main></body></html>`;
}

/** What there is to find on a page: its language and its `main`, without the drawings. */
function bodyOf(html: string): string {
  const language = /<html[^>]*>/.exec(html)?.[0] ?? "<html>";
  const main = html.slice(html.indexOf("<main"), html.lastIndexOf("</main>"));
  return `${language}<body>${main.replace(/<svg[\s>].*?<\/svg>/gs, "")}</main></body></html>`;
}

/**
 * What pages repeat, and is found where it stands first: claims, verdicts, estimates beside a sentence, other pages' titles and
 * sentences, the tokens of a trace, what is written around every figure. A page is found by what it says itself, and the
 * indexer needs a third less memory.
 */
const REPEATED = [
  "svg",
  ".claim-block",
  ".margin-note",
  ".ledger-frame",
  ".verdict-table",
  ".verdict-list",
  ".legend",
  ".card",
  ".index-list",
  ".backlinks",
  ".topic-questions",
  ".term-uses",
  ".check",
  ".trace-strip",
  ".figure-key",
  ".figure-legend",
  ".figure-doors",
  ".figure-credit",
  ".figure-tools",
  ".provenance",
  "model-switch",
];

/** How many pages are on their way to the indexer, which is a process of its own, and how many files are written at once. */
const AT_ONCE = 32;

/** Pagefind's own interface and its styles: the site has one of its own. */
const UNUSED = /^pagefind-(?:ui|modular-ui|component-ui|highlight)\./;

function must({ errors }: { errors: string[] }, what: string): void {
  if (errors.length > 0) throw new Error(`The search index did not take ${what}: ${errors.join("; ")}`);
}
