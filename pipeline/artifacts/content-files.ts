import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { hintOf } from "./hints.ts";
import { lineOfField } from "./lines.ts";
import { describeIssue } from "./store.ts";
import { type Entry, KINDS, type Kind, type Problem, problemText, type Vault } from "./vault.ts";

/** Raised with every problem found, a line each, so that an author mends them in one go. */
export class ContentError extends Error {
  override readonly name = "ContentError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(problemText).join("\n"));
    this.problems = problems;
  }
}

/**
 * Reads the kinds asked for from `<root>/content`, in order of id. Throws ContentError, naming file, field and value,
 * where a file is not YAML, has no frontmatter, fails its schema, or is no content file at all.
 */
export function readContent<K extends Kind>(root: string, kinds: readonly K[]): Pick<Vault, K> {
  const problems: Problem[] = [];
  const vault = Object.fromEntries(kinds.map((kind) => [kind, readKind(root, kind, problems)]));
  if (problems.length > 0) throw new ContentError(problems);
  return vault as unknown as Pick<Vault, K>;
}

/** Everything there is. */
export function readVault(root: string): Vault {
  return readContent(root, Object.keys(KINDS) as Kind[]);
}

/** The same problems with the line of each field, where their files have frontmatter that holds it. */
export function located(root: string, problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => {
    const { file, field, line } = problem;
    if (line !== undefined || !/^content\/.*\.(mdx|yaml)$/.test(file)) return problem;
    try {
      const text = readFileSync(join(root, file), "utf8");
      const parts = file.endsWith(".yaml") ? { yaml: text, line: 1 } : splitFrontmatter(text);
      const [, inBody] = / in line (\d+) of the body$/.exec(field) ?? [];
      if (inBody !== undefined) return { ...problem, line: (parts?.line ?? 1) + Number(inBody) - 1 };
      const above = file.endsWith(".yaml") ? 0 : 1;
      // Behind a place in a list may stand the id of what is there.
      const path = field
        .replace(/ \(.*\)$/, "")
        .split(".")
        .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
      return { ...problem, line: lineOfField(parts?.yaml ?? "", path) + above };
    } catch {
      return problem;
    }
  });
}

/** Frontmatter and body of an MDX file; undefined without a frontmatter. `line` is the body's first line, from 1. */
export function splitFrontmatter(text: string): { yaml: string; body: string; line: number } | undefined {
  const match = /^---[ \t]*\r?\n([\s\S]*?)^---[ \t]*(?:\r?\n|$)/m.exec(text);
  if (match?.index !== 0) return undefined;
  return {
    yaml: match[1] ?? "",
    body: text.slice(match[0].length),
    line: match[0].split("\n").length,
  };
}

function readKind(root: string, kind: Kind, problems: Problem[]): Entry<unknown>[] {
  const { extension } = KINDS[kind];
  const entries: Entry<unknown>[] = [];
  for (const name of namesIn(join(root, "content", kind))) {
    const file = `content/${kind}/${name}`;
    if (!name.endsWith(`.${extension}`)) {
      problems.push({ file, field: "name", message: `expected a file that ends in .${extension}. Rename or move it.` });
      continue;
    }
    const entry = readEntry(root, kind, file, problems);
    if (entry) entries.push(entry);
  }
  return entries;
}

interface Kept {
  readonly text: string;
  readonly entry: Entry<unknown>;
}

/**
 * Sound entries of this process, by path: a file whose text is the same is not parsed again when one of a thousand others
 * changed. A build holds this module twice, as source for Astro's configuration and bundled for its pages: both share it.
 */
const shared = globalThis as { [key: symbol]: Map<string, Kept> | undefined };
const KEPT = Symbol.for("soundings.entries");
const kept = shared[KEPT] ?? new Map<string, Kept>();
shared[KEPT] = kept;

function readEntry(root: string, kind: Kind, file: string, problems: Problem[]): Entry<unknown> | undefined {
  const path = resolve(root, file);
  const text = readFileSync(path, "utf8");
  const known = kept.get(path);
  if (known?.text === text) return known.entry;
  const entry = parseEntry(kind, file, text, problems);
  if (entry) kept.set(path, { text, entry });
  return entry;
}

function parseEntry(kind: Kind, file: string, text: string, problems: Problem[]): Entry<unknown> | undefined {
  const { extension, schema } = KINDS[kind];
  const parts = extension === "yaml" ? { yaml: text, body: "" } : splitFrontmatter(text);
  // Frontmatter starts below its first ---.
  const above = extension === "mdx" ? 1 : 0;
  const report = (field: string, message: string, line: number): undefined => {
    problems.push({ file, field, message, line: line + above });
  };
  if (!parts) return report("frontmatter", "expected it between two lines of ---, found none.", 0);
  const document = parseDocument(parts.yaml);
  const [error] = document.errors;
  if (error) return report("frontmatter", error.message.split("\n")[0] ?? "", error.linePos?.[0].line ?? 1);
  const data: unknown = document.toJS();
  const parsed = schema.safeParse(data);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const [field = "", ...rest] = describeIssue(issue, data).split(": ");
      const at = issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0]!] : issue.path;
      report(field, rest.join(": ") + hintOf(issue, schema, data), lineOfField(parts.yaml, at));
    }
    return undefined;
  }
  const id = file.slice(file.lastIndexOf("/") + 1, -extension.length - 1);
  return { id, data: parsed.data, body: parts.body, file };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
