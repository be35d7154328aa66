import { askedFor, joined, jointParts, marksAsked, type Narrowed, unmarked } from "../facts/search-text.ts";
import { siteTop } from "./site-top.ts";

/** What is asked for; an empty field asks for nothing. */
export interface Query extends Narrowed {
  text: string;
}

/** A piece of an excerpt: found, or beside what was found. */
export interface Piece {
  text: string;
  found: boolean;
}

export interface Hit {
  url: string;
  kind: string;
  title: string;
  /** The page that a claim stands on. */
  within: string;
  /** Verdict by model, in the site's order of models. */
  verdicts: [model: string, verdict: string][];
  excerpt: Piece[];
}

export interface Found {
  total: number;
  /** So many hits from there on. */
  hits(from: number, count: number): Promise<Hit>[];
}

/** The part of Pagefind that is used here. */
interface Pagefind {
  init(): Promise<void>;
  search(term: string): Promise<{ results: Result[] }>;
}
interface Result {
  score: number;
  data(): Promise<{ url: string; excerpt: string; meta: Record<string, string> }>;
}

let engine: Promise<Pagefind> | undefined;

/** Starts to fetch the search engine and the head of its index, so that the first letters find them there. */
export function warm(): Promise<Pagefind> {
  // The address is put together at run time, since the index is written after the scripts are bundled.
  const address = new URL("pagefind/pagefind.js", siteTop()).href;
  engine ??= import(/* @vite-ignore */ address).then(async (loaded: Pagefind) => {
    await loaded.init();
    // It is open when it has answered: its code takes three times as long until it has gone over some hundreds of pages.
    await loaded.search(marksAsked({ kind: "", topic: "", verdict: "contradicted", model: "" }).join(" "));
    return loaded;
  });
  // A failure is not kept: the next letter tries again.
  engine.catch(() => {
    engine = undefined;
  });
  return engine;
}

/** Nothing is asked for: no filter, and no word or the first letter of one. */
export const isEmpty = ({ text, ...filters }: Query): boolean =>
  /^\s*[a-z0-9]?\s*$/i.test(text) && Object.values(filters).every((each) => each === "");

/** What the site has for a query. `models`: all that there are, in the site's order. Rejects when the index cannot be read. */
export async function search(query: Query, models: readonly string[]): Promise<Found> {
  const loaded = await warm();
  const text = askedFor(query.text);
  const { results } = await loaded.search([text, ...marksAsked(query)].filter((word) => word !== "").join(" "));
  // A word that stands nowhere is passed over by the engine, which leaves what has the marks; they weigh nothing.
  const found = text === "" ? results : results.filter(({ score }) => score > 0);
  return {
    total: found.length,
    hits: (from, count) => found.slice(from, from + count).map((result) => hitOf(result, models, text !== "")),
  };
}

export const TOO_COMMON = "Every page has that word: type another beside it.";

/** Whether only words were typed that every page has, and nothing else is asked for. */
export const isCommon = ({ text, ...filters }: Query): boolean =>
  text.trim() !== "" && askedFor(text) === "" && Object.values(filters).every((each) => each === "");

/** `worded`: whether words were asked for, so that there is something to show of where they stand. */
async function hitOf(result: Result, models: readonly string[], worded: boolean): Promise<Hit> {
  const { url, excerpt, meta } = await result.data();
  const verdicts = meta.verdicts ? meta.verdicts.split(" ").map(jointParts) : [];
  return {
    url,
    kind: meta.kind ?? "",
    title: joined(meta.title ?? url),
    within: meta.note ?? "",
    verdicts: verdicts.sort(([a], [b]) => models.indexOf(a) - models.indexOf(b)),
    excerpt: worded ? piecesOf(excerpt) : [{ text: joined(meta.about ?? ""), found: false }],
  };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', "#39": "'", "#x27": "'" };

/** Pagefind's excerpt, which is escaped text with `<mark>` around what was found, as plain pieces: nothing of it is markup here. */
export function piecesOf(excerpt: string): Piece[] {
  return joined(unmarked(excerpt).replace(/<\/mark> <mark>/g, " "))
    .split(/<\/?mark>/)
    .map((text, i) => ({
      text: text.replace(/&(lt|gt|amp|quot|#39|#x27);/gi, (_, name: string) => ENTITIES[name.toLowerCase()]!),
      found: i % 2 === 1,
    }))
    .filter(({ text }) => text !== "");
}
