import { readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { type Node, parse, type Token } from "acorn";
import { transformSync } from "amaro";
import { hashOf, sha256Of } from "../artifacts/hash.ts";

/** One source file as the key of an artifact sees it. */
export interface Module {
  /** Path from the root, with `/`. */
  readonly path: string;
  /** Of its tokens: comments, types and layout are prose, and change nothing that runs. */
  readonly hash: string;
  /** Files that it imports, from the root. Type-only imports are gone before the code runs, and don't count. */
  readonly files: readonly string[];
  /** Packages that it imports, by name. Node's own modules are left out. */
  readonly packages: readonly string[];
}

const known = new Map<string, Module>();

/**
 * A file and all that it imports, directly or not, in order of path. Paths are taken from `root`.
 * Throws when a file isn't there, can't be parsed, or imports something whose name is only known when it runs.
 */
export function closureOf(root: string, entry: string): Module[] {
  const found = new Map<string, Module>();
  const visit = (path: string, from: string | undefined) => {
    if (found.has(path)) return;
    const module = readModule(root, path, from);
    found.set(path, module);
    for (const file of module.files) visit(file, path);
  };
  visit(entry, undefined);
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The version of an installed package, looked for from `root` upwards. */
export function packageVersion(root: string, name: string): string {
  for (let folder = root; ; folder = dirname(folder)) {
    try {
      return (
        JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")) as { version: string }
      ).version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      if (dirname(folder) === folder) throw new Error(`The package ${name} is not installed. Run \`npm ci\`.`);
    }
  }
}

function readModule(root: string, path: string, from: string | undefined): Module {
  const file = join(root, path);
  const cached = known.get(file);
  if (cached) return cached;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`${path}${from ? `, which ${from} imports,` : ""} cannot be read: ${(error as Error).message}`);
  }
  const module = path.endsWith(".json")
    ? { path, hash: hashOf(JSON.parse(text)), files: [], packages: [] }
    : parseModule(root, path, text);
  known.set(file, module);
  return module;
}

function parseModule(root: string, path: string, text: string): Module {
  const tokens: Token[] = [];
  let code: string;
  let tree: Node;
  try {
    code = /\.[mc]?ts$/.test(path) ? transformSync(text, { mode: "strip-only" }).code : text;
    tree = parse(code, { ecmaVersion: "latest", sourceType: "module", onToken: tokens });
  } catch (error) {
    throw new Error(`${path} cannot be parsed: ${(error as Error).message}`);
  }
  const files = new Set<string>();
  const packages = new Set<string>();
  for (const specifier of specifiers(tree, path))
    if (specifier.startsWith(".")) files.add(posix.normalize(posix.join(posix.dirname(path), specifier)));
    else if (specifier.startsWith("/")) files.add(relative(root, specifier).split(sep).join("/"));
    else if (!specifier.startsWith("node:")) packages.add(packageName(specifier));
  const hash = sha256Of(tokens.map(({ start, end }) => code.slice(start, end)).join("\n"));
  return { path, hash, files: [...files].sort(), packages: [...packages].sort() };
}

/** What a module imports or re-exports, dynamic imports with a literal name included. */
function specifiers(tree: Node, path: string): string[] {
  const found: string[] = [];
  const visit = (value: unknown) => {
    if (Array.isArray(value)) for (const each of value) visit(each);
    else if (isNode(value)) {
      if ("source" in value && isNode(value.source)) {
        if (typeof (value.source as { value?: unknown }).value !== "string")
          throw new Error(`${path} imports something by a computed name: its result could not be told stale. Name it.`);
        found.push((value.source as unknown as { value: string }).value);
      }
      for (const child of Object.values(value)) if (typeof child === "object") visit(child);
    }
  };
  visit(tree);
  return found;
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;
const packageName = (specifier: string) =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
