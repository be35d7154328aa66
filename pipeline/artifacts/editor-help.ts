import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { editorSchemas, SCHEMAS } from "./editor-schemas.ts";
import { KINDS, type Kind } from "./vault.ts";

/** Where the language server of Astro looks for what may stand in frontmatter. Astro itself fills it only from `src/content`. */
const ASTRO = ".astro/collections";

/** Writes the committed schemas anew, where they differ. Returns the paths of those that did. */
export function writeSchemas(root: string): string[] {
  return Object.entries(editorSchemas()).flatMap(([path, text]) =>
    writeWhereItDiffers(join(root, path), text) ? [path] : [],
  );
}

/**
 * Tells the language server of Astro which schema each MDX file of `content/` has, by its address on this machine (so it can't be
 * committed). To be called again when a file was added.
 */
export function writeFrontmatterHelp(root: string): void {
  const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) => KINDS[kind].extension === "mdx");
  const schemas = editorSchemas();
  for (const kind of kinds)
    writeWhereItDiffers(join(root, ASTRO, `${kind}.schema.json`), schemas[`${SCHEMAS}/${kind}.schema.json`]!);
  const map = {
    collections: kinds.map((name) => ({ name, hasSchema: true })),
    entries: Object.fromEntries(kinds.flatMap((kind) => filesOf(root, kind).map((file) => [addressOf(file), kind]))),
  };
  writeWhereItDiffers(join(root, ASTRO, "collections.json"), `${JSON.stringify(map, null, 2)}\n`);
}

function filesOf(root: string, kind: Kind): string[] {
  const folder = resolve(root, "content", kind);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(`.${KINDS[kind].extension}`))
    .map((name) => join(folder, name));
}

/** As the language server compares it. */
const addressOf = (file: string): string => decodeURIComponent(pathToFileURL(file).href).toLowerCase();

function writeWhereItDiffers(path: string, text: string): boolean {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return false;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return true;
}
