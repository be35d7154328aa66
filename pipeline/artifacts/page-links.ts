import { claimAnchors, FOLDERS, GLOSSARY, PARTS, type PageKind, pageOf } from "./addresses.ts";
import { bodiesOf, inBody, readBody } from "./body.ts";
import { hintFor } from "./nearest.ts";
import type { Entry, Problem, Vault } from "./vault.ts";

/** A stand-in for the site's own address. */
const HERE = "http://site.invalid";
const KINDS = Object.keys(FOLDERS) as PageKind[];

interface Pages {
  /** Ids on every page of content, by its address. */
  readonly parts: ReadonlyMap<string, ReadonlySet<string>>;
  /** Where pages are now, by the addresses that they had. */
  readonly moved: ReadonlyMap<string, string>;
}

/** A link in a body, as a browser resolves it; undefined where it leads out of the site, or is none. */
export function targetOf(address: string, entry: Entry<unknown>): { page: string; part: string } | undefined {
  try {
    const url = new URL(address, HERE + addressOf(entry));
    if (url.origin !== HERE) return undefined;
    return { page: decodeURIComponent(url.pathname), part: decodeURIComponent(url.hash.slice(1)) };
  } catch {
    return undefined;
  }
}

/**
 * Links in bodies to pages of content, or to parts of them, that aren't there. Links to what the site makes besides (traces,
 * units, data, lists) are left to the build, which follows every one. Pure; every body must be MDX.
 */
export function findBrokenLinks(vault: Vault): Problem[] {
  const pages = pagesOf(vault);
  return bodiesOf(vault).flatMap((entry) =>
    readBody(entry).links.flatMap(({ address, line }) => {
      const message = faultOf(address, entry, pages);
      const field = inBody(`the link ${JSON.stringify(address)}`, line);
      return message === undefined ? [] : [{ file: entry.file, field, message }];
    }),
  );
}

function faultOf(address: string, entry: Entry<unknown>, { parts, moved }: Pages): string | undefined {
  const target = targetOf(address, entry);
  if (!target) return undefined;
  const { page, part } = target;
  const ids = parts.get(page);
  if (ids) {
    if (part === "" || ids.has(part)) return undefined;
    return `${page} has no part "${part}"${hintFor(part, ids)}`;
  }
  const now = moved.get(page);
  if (now !== undefined) return `that page is now ${now}: link it there`;
  if (parts.has(`${page}/`)) return `lacks the final /: write ${page}/${part && `#${part}`}`;
  const [, folder, id, ...rest] = page.split("/");
  const isContent =
    id !== undefined && id !== "" && rest.join("") === "" && Object.values<string>(FOLDERS).includes(folder!);
  return isContent && page !== "/models/compare/"
    ? `there is no page ${page}${hintFor(page, parts.keys())}`
    : undefined;
}

/** Where an entry is read. */
function addressOf({ file, id }: Entry<unknown>): string {
  const kind = KINDS.find((each) => file.startsWith(`content/${each}/`));
  return kind ? pageOf(kind, id) : GLOSSARY;
}

function pagesOf(vault: Vault): Pages {
  const parts = new Map<string, ReadonlySet<string>>([[GLOSSARY, new Set(vault.glossary.map(({ id }) => id))]]);
  for (const kind of KINDS)
    for (const entry of vault[kind])
      parts.set(pageOf(kind, entry.id), new Set([...PARTS[kind], ...readBody(entry).headings, ...sentencesOf(entry)]));
  for (const { id, data } of vault.notes) {
    const claims = data.claims.map((claim) => claim.id);
    parts.set(pageOf("notes", id), new Set([...claims, ...parts.get(pageOf("notes", id))!]));
  }
  const moved = (["lines", "notes", "sources", "topics"] as const).flatMap((kind) =>
    vault[kind].flatMap(({ id, data }) =>
      data.aliases.map((alias) => [pageOf(kind, alias), pageOf(kind, id)] as const),
    ),
  );
  return { parts, moved: new Map(moved) };
}

/** Ids of the sentences of a body that make a claim. */
function sentencesOf(entry: Entry<unknown>): string[] {
  const { mentions } = readBody(entry);
  if (entry.file.startsWith("content/lines/")) return [...claimAnchors(mentions).values()];
  return mentions.flatMap(({ name, attributes: { of } }) =>
    name === "Claim" && of ? [`said-${of.slice(of.indexOf("/") + 1)}`] : [],
  );
}
