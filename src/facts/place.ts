import { createHash } from "node:crypto";
import { join, resolve } from "node:path";

/**
 * Where the wiki's own files are. `SOUNDINGS_VAULT` points tests at a small vault of their own
 * (`<vault>/content`, `<vault>/public`); without it the repository itself is the vault.
 */
export const root = process.env.SOUNDINGS_VAULT ?? ".";

export const contentRoot = join(root, "content");
export const publicRoot = join(root, "public");

/**
 * What builds keep for the next one: charts, graphs, social cards and parts of pages by their content, Astro's own pages. Each
 * vault has a folder of its own, since Astro keeps entries by path. All of it may be deleted at any time, together.
 * `SOUNDINGS_CACHE` puts it elsewhere.
 */
export const cacheRoot =
  process.env.SOUNDINGS_CACHE ??
  join(
    "node_modules/.cache/soundings",
    root === "." ? "site" : createHash("sha256").update(resolve(root)).digest("hex").slice(0, 16),
  );

/** Where the site is served; feeds, sitemaps and citations need it. `SOUNDINGS_SITE` says the real one. */
export const origin = process.env.SOUNDINGS_SITE ?? "https://soundings.example";

/** The folder of that host under which it is served (`/wiki`); empty at its top. */
export const base = new URL(origin).pathname.replace(/\/$/, "");

/** The whole address of a page of the site (`/notes/x/`): its host, and the folder of that host where it is served from one. */
export const absolute = (address: string, site: string = origin): string =>
  new URL(`${site.replace(/\/$/, "")}${address}`).href;

/** Where the repository can be browsed, e.g. `https://host/owner/soundings`; without it pages name the file only. */
export const repository = process.env.SOUNDINGS_REPOSITORY?.replace(/\/$/, "");

export const siteTitle = "Soundings";
export const tagline = "Language models, measured at every depth";
