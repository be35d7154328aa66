import { askedFor, joined, markOf, unmarked } from "../facts/search-text.ts";
import { siteTop } from "./site-top.ts";

/** What is asked for; an empty field asks for nothing. */
export interface Query {
  text: string;
  kind: string;
  topic: string;
  verdict: string;
  model: string;
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
  preload(term: string): Promise<void>;
  search(term: string | null, options: { filters: Record<string, unknown> }): Promise<{ results: Result[] }>;
}
interface Result {
  data(): Promise<{
    url: string;
    excerpt: string;
    meta: Record<string, string>;
    filters: Record<string, string[]>;
  }>;
}

let engine: Promise<Pagefind> | undefined;

/** Starts to fetch the search engine and the head of its index, so that the first letters find them there. */
export function warm(): Promise<Pagefind> {
  // The address is put together at run time, since the index is written after the scripts are bundled.
  const address = new URL("pagefind/pagefind.js", siteTop()).href;
  engine ??= import(/* @vite-ignore */ address).then(async (loaded: Pagefind) => {
    await loaded.init();
    // It is open when it answers, not when it was told to open.
    await loaded.preload("");
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

/** What the site has for a query. `models` and `verdicts` are all that there are. Rejects when the index cannot be read. */
export async function search(query: Query, models: readonly string[], verdicts: readonly string[]): Promise<Found> {
  const loaded = await warm();
  const text = askedFor(query.text);
  const filters = filtersOf(query, models, verdicts);
  const { results } = await loaded.search(text || marked(filters), { filters });
  return {
    total: results.length,
    hits: (from, count) => results.slice(from, from + count).map((result) => hitOf(result, models, text !== "")),
  };
}

/** The filters as words, the one of the fewest pages alone where it can be known: for a query that has no other word. */
function marked(filters: Record<string, unknown>): string {
  for (const name of ["verdict", "topic", "kind"]) {
    const value = filters[name];
    if (typeof value === "string") return markOf(name, value);
  }
  // Any of several: claims are what verdicts are of.
  return markOf("kind", "claim");
}

export const TOO_COMMON = "Every page has that word: type another beside it.";

/** Whether only words were typed that every page has, and nothing else is asked for. */
export const isCommon = ({ text, ...filters }: Query): boolean =>
  text.trim() !== "" && askedFor(text) === "" && Object.values(filters).every((each) => each === "");

/** Verdict and model are one filter with joint values; where one of them is left open, any of its values will do. */
export function filtersOf(
  { kind, topic, verdict, model }: Query,
  models: readonly string[],
  verdicts: readonly string[],
): Record<string, unknown> {
  const measured = verdicts.filter((each) => each !== "untested" && each !== "untestable");
  const joint = (verdict ? [verdict] : model ? measured : []).flatMap((each) =>
    (model ? [model] : models).map((one) => `${one}:${each}`),
  );
  return {
    ...(kind ? { kind } : {}),
    ...(topic ? { topic } : {}),
    ...(joint.length === 0 ? {} : { verdict: joint.length === 1 ? joint[0] : { any: joint } }),
  };
}

/** `worded`: whether words were asked for, so that there is something to show of where they stand. */
async function hitOf(result: Result, models: readonly string[], worded: boolean): Promise<Hit> {
  const { url, excerpt, meta, filters } = await result.data();
  const verdicts = (filters.verdict ?? []).map((each) => {
    const at = each.lastIndexOf(":");
    return [each.slice(0, at), each.slice(at + 1)] as [string, string];
  });
  return {
    url,
    kind: meta.kind ?? "",
    title: joined(meta.title ?? url),
    within: meta.note ?? "",
    // A page has as many verdicts as claims: only a claim's own are one to a model.
    verdicts: meta.kind === "claim" ? verdicts.sort(([a], [b]) => models.indexOf(a) - models.indexOf(b)) : [],
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
