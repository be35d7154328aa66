/**
 * How what a page asks for is kept for reading without a connection:
 *
 * - `fixed`: its address holds the hash of its content, so a copy is never out of date;
 * - `page`: HTML that people read, verdicts among it; a copy is shown only with the day that it is from;
 * - `part`: whatever else pages load; a copy serves when the site can't be reached, and the page is told;
 * - `none`: left to the network. Models' files have a keeper of their own (`kept-files.ts`), which asks for them past every
 *   cache; downloads would lose the words that say how old they are.
 */
export type Keeping = "fixed" | "page" | "part" | "none";

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly mode: string;
  readonly cache: string;
  readonly destination: string;
}

const FIXED = /^(_astro\/|charts\/[0-9a-f]{16}\.|cards\/figures\/[0-9a-f]{16}\/|pagefind\/(fragment|index|filter)\/)/;

/** How a request is kept that a page under `scope` (an address that ends in `/`) made. */
export function keepingOf({ method, url, mode, cache, destination }: Asked, scope: string): Keeping {
  if (method !== "GET" || cache === "no-store" || !url.startsWith(scope)) return "none";
  const path = new URL(url).pathname.slice(new URL(scope).pathname.length);
  if (path.startsWith("models/") && !path.endsWith("/")) return "none";
  if (FIXED.test(path)) return "fixed";
  if (path === "" || path.endsWith("/")) return "page";
  return mode === "navigate" || destination === "document" ? "none" : "part";
}

/** Under which address a copy is kept: a static site answers the same whatever the query. */
export const keyOf = (url: string): string => {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
};
