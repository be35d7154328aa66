import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { type Page, type Reference, readPage } from "./html-page.ts";

export interface SiteReport {
  /** Number of HTML pages. */
  readonly pages: number;
  /** Of all files, in bytes. */
  readonly bytes: number;
  /** Internal links and resources that were followed. */
  readonly followed: number;
  /** What is wrong, a line each: page, what, why. */
  readonly problems: readonly string[];
}

export interface SiteExpectations {
  /** Addresses that must have a page (`/notes/why-so/`). */
  readonly pages?: readonly string[];
  /** Other files that must be there (`pagefind/pagefind.js`). */
  readonly files?: readonly string[];
  /** Texts that no page may hold: paths of this machine. */
  readonly secrets?: readonly string[];
}

/**
 * Walks a built site and follows everything that stays within it: every link, anchor, script, style, image and hover card
 * must lead to a file or an id that is there. Also finds ids given twice, pages without a title, resources that would be
 * fetched from elsewhere, and pages that are missing: the exit code of a build can lie.
 */
export function verifySite(folder: string, expected: SiteExpectations = {}): SiteReport {
  const problems: string[] = [];
  if (!existsSync(folder))
    return { pages: 0, bytes: 0, followed: 0, problems: [`${folder} is not there: nothing was built`] };
  const files = filesOf(folder);
  const pages = new Map<string, Page>();
  for (const [name] of files)
    if (name.endsWith(".html")) {
      const html = readFileSync(join(folder, name), "utf8");
      pages.set(name, readPage(html));
      for (const secret of expected.secrets ?? [])
        if (html.includes(secret)) problems.push(`/${name}: holds "${secret}", a path of the machine that built it`);
    }
  const origins = new Set([...pages.values()].flatMap(({ canonical }) => originOf(canonical) ?? []));
  let followed = 0;
  for (const [name, page] of pages) {
    const address = addressOf(name);
    if (page.title === "" && !name.startsWith("cards/")) problems.push(`${address}: has no title`);
    for (const id of new Set(page.duplicateIds)) problems.push(`${address}: the id "${id}" is given more than once`);
    for (const reference of page.references) {
      const fault = faultOf(reference, address, { files, pages, origins });
      if (fault !== "elsewhere") followed++;
      if (fault !== undefined && fault !== "elsewhere")
        problems.push(`${address}: <${reference.tag} ${reference.attribute}="${reference.address}">: ${fault}`);
    }
  }
  for (const name of files.keys()) if (name.endsWith(".css")) problems.push(...brokenStyles(folder, name, files));
  for (const address of expected.pages ?? [])
    if (!pages.has(`${address.slice(1)}index.html`)) problems.push(`${address}: the page was not built`);
  for (const name of expected.files ?? []) if (!files.has(name)) problems.push(`/${name}: the file was not built`);
  const bytes = [...files.values()].reduce((sum, size) => sum + size, 0);
  return { pages: pages.size, bytes, followed, problems: [...new Set(problems)] };
}

interface Built {
  readonly files: ReadonlyMap<string, number>;
  readonly pages: ReadonlyMap<string, Page>;
  /** Origins that the site calls itself by. */
  readonly origins: ReadonlySet<string>;
}

/** A stand-in for the site's own address. */
const HERE = "http://site.invalid";

/** What is wrong with a reference, undefined if nothing; `elsewhere` for a link that leaves the site. */
function faultOf(
  { address, fetched, tag }: Reference,
  page: string,
  { files, pages, origins }: Built,
): string | undefined {
  if (address === "") return tag === "form" ? undefined : "the address is empty";
  let url: URL;
  try {
    url = new URL(address, HERE + page);
  } catch {
    return "not an address";
  }
  if (url.origin !== HERE && !origins.has(url.origin)) {
    if (fetched && url.protocol !== "data:") return "would be fetched from another site";
    return url.protocol === "javascript:" ? "runs a script" : "elsewhere";
  }
  let path: string;
  try {
    path = decodeURIComponent(url.pathname).slice(1);
  } catch {
    return "not an address";
  }
  const file = path === "" || path.endsWith("/") ? `${path}index.html` : path;
  // Served for whatever isn't there, that page has no address of its own.
  if (page === "/404.html" && tag === "link" && path === "404/") return undefined;
  if (!files.has(file)) return files.has(`${path}/index.html`) ? "lacks the final /" : "nothing is there";
  const target = pages.get(file);
  const fragment = decodeURIComponent(url.hash.slice(1));
  if (!target || fragment === "" || fragment === "top" || fragment.startsWith(":~:")) return undefined;
  return target.ids.has(fragment) ? undefined : `that page has no id "${fragment}"`;
}

function brokenStyles(folder: string, name: string, files: ReadonlyMap<string, number>): string[] {
  const css = readFileSync(join(folder, name), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  return [...css.matchAll(/url\(\s*(["']?)([^"')]+)\1\s*\)/g)].flatMap(([, , address = ""]) => {
    const url = new URL(address, `${HERE}/${name}`);
    if (url.protocol === "data:" || address.startsWith("#")) return [];
    if (url.origin !== HERE) return [`/${name}: url(${address}): would be fetched from another site`];
    return files.has(decodeURIComponent(url.pathname).slice(1)) ? [] : [`/${name}: url(${address}): nothing is there`];
  });
}

/** Sizes of all files, by path with `/`. */
function filesOf(folder: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    found.set(relative(folder, path).split(sep).join("/"), statSync(path).size);
  }
  return found;
}

const addressOf = (name: string) => `/${name.replace(/(^|\/)index\.html$/, "$1")}`;

function originOf(canonical: string | undefined): string | undefined {
  try {
    return canonical === undefined ? undefined : new URL(canonical).origin;
  } catch {
    return undefined;
  }
}
