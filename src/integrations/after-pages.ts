import { parentPort, workerData } from "node:worker_threads";
import type { Answer, HandedPage } from "./built-pages.ts";
import { publishCharts } from "./charts.ts";
import { publishFragments } from "./fragments.ts";
import { markdownTwins } from "./markdown-twins.ts";
import { searchIndex } from "./pagefind.ts";
import { publishSocial } from "./social.ts";

/** A page of the built site, or a part of one that is fetched when wanted (`cards/…`). */
export interface BuiltPage extends Omit<HandedPage, "html"> {
  readonly html: string;
}

/** What is made of the pages once they are there. */
export interface Afterwork {
  /** Handed each page in turn. What it starts may go on while the next is read, as long as `done` waits for it. */
  page(page: BuiltPage): void | Promise<void>;
  /** When each has been handed out. Returns what there is to say. */
  done(): Promise<string>;
}

/** Begins with the built folder. */
export type BeginAfterwork = (root: string) => Afterwork | Promise<Afterwork>;

/**
 * Handed each page in this order: the index first, which is made by a process of its own beside the rest. What they come to at the
 * end is waited for side by side, but for what reads what another wrote, which comes after it in one row.
 */
const AFTERWORK: readonly (readonly BeginAfterwork[])[] = [
  [searchIndex()],
  [publishFragments(), publishCharts()],
  [markdownTwins()],
  [publishSocial()],
];

const port = parentPort!;
const answer = (what: Answer) => port.postMessage(what);
const begun = Promise.all(AFTERWORK.map((row) => Promise.all(row.map((begin) => begin(workerData as string)))));
const decoder = new TextDecoder();
let last: Promise<void> = Promise.resolve();

/** A worker that is handed pages, one message each, and `null` after the last. */
port.on("message", (page: HandedPage | null) => {
  last = last.then(() => (page ? take({ ...page, html: decoder.decode(page.html) }) : finish()));
});

async function take(page: BuiltPage): Promise<void> {
  for (const each of (await begun).flat()) await each.page(page);
  answer({ taken: true });
}

async function finish(): Promise<void> {
  const said = await Promise.all(
    (await begun).map(async (row) => {
      const lines: string[] = [];
      for (const each of row) lines.push(await each.done());
      return lines;
    }),
  );
  answer({ said: said.flat() });
  port.close();
}
