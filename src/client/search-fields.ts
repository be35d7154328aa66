import { make } from "./elements.ts";
import type { Query } from "./search-engine.ts";
import { siteTop } from "./site-top.ts";

/** What a search can be narrowed by: values with their names; and whether units can be searched, which have an index of their own. */
export type Options = Readonly<Record<Filter, readonly (readonly [string, string])[]>> & { readonly units: boolean };

/** What results are narrowed by. */
export type Filter = "kind" | "topic" | "verdict" | "model";

let known: Promise<Options> | undefined;

/** Fetched once a page; a failure is tried again. */
export function searchOptions(): Promise<Options> {
  known ??= fetch(new URL("search-options.json", siteTop())).then((answer) => {
    if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
    return answer.json() as Promise<Options>;
  });
  known.catch(() => {
    known = undefined;
  });
  return known;
}

const OPEN = { kind: "Any kind", topic: "Any topic", verdict: "Any verdict", model: "Any model" } as const;

/** A select for each filter, named by what it leaves open. */
export const selects = (options: Options): HTMLSelectElement[] =>
  (Object.keys(OPEN) as (keyof typeof OPEN)[]).map((name) => {
    const select = make("select", "");
    select.name = name;
    select.ariaLabel = name[0]!.toUpperCase() + name.slice(1);
    select.append(new Option(OPEN[name], ""), ...options[name].map(([value, text]) => new Option(text, value)));
    return select;
  });

/** The query that a form holds. */
export function queryOf(form: HTMLFormElement): Query {
  const data = new FormData(form);
  const read = (name: string) => String(data.get(name) ?? "");
  return { text: read("q"), kind: read("kind"), topic: read("topic"), verdict: read("verdict"), model: read("model") };
}

/** Where the units stand that go with a word, or undefined where more than one word is asked for, or something else. */
export function unitsFor({ text, ...filters }: Query): string | undefined {
  const word = text.trim();
  if (!/^\S+$/.test(word) || Object.values(filters).some((each) => each !== "")) return undefined;
  return new URL(`units/?${new URLSearchParams({ token: word })}`, siteTop()).href;
}

/** The search page's address for a query. */
export function addressOf({ text, ...filters }: Query): string {
  const asked = new URLSearchParams(Object.entries({ q: text, ...filters }).filter(([, value]) => value !== ""));
  return new URL(asked.size > 0 ? `search/?${asked}` : "search/", siteTop()).href;
}
