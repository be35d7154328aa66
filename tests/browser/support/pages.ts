import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Addresses of all pages of a built site that people read: no fragments of `cards/`, none that only leads on. */
export const pagesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /(^|\/)index\.html$/.test(file) && !file.startsWith("cards/"))
    .filter((file) => !readFileSync(join(folder, file), "utf8").includes('http-equiv="refresh"'))
    .map((file) => `/${file.slice(0, -"index.html".length)}`)
    .sort();

/**
 * One page of each kind, of those that stand in one folder, where the folder of any model is one and the same: the largest,
 * which has the most on it, or the smallest.
 */
export function kindsOf(folder: string, pick: "largest" | "smallest" = "largest"): string[] {
  const pages = pagesOf(folder);
  const models = new Set(pages.map((page) => /^\/models\/(?!compare\/)([^/]+)\/$/.exec(page)?.[1]));
  const kinds = new Map<string, { page: string; size: number }>();
  for (const page of pages) {
    const folders = page.split("/").slice(1, -2);
    const kind = folders.length === 0 ? page : folders.map((each) => (models.has(each) ? "*" : each)).join("/");
    const { size } = statSync(join(folder, page, "index.html"));
    const known = kinds.get(kind)?.size ?? size;
    if (!kinds.has(kind) || (pick === "largest" ? size > known : size < known)) kinds.set(kind, { page, size });
  }
  return [...kinds.values()].map(({ page }) => page);
}
