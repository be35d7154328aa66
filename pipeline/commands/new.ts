import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Argument, Command } from "commander";
import { ContentError, readContent } from "../artifacts/content-files.ts";
import { claimKeys } from "../artifacts/references.ts";
import { slug as Slug } from "../artifacts/schema.ts";
import { KINDS, type Kind } from "../artifacts/vault.ts";
import { badUse, run } from "./support/errors.ts";
import { type NewKind, templates } from "./support/templates.ts";

const NEW_KINDS: readonly NewKind[] = ["line", "note", "source", "experiment"];

export function command(): Command {
  return new Command("new")
    .description("a file to start from")
    .addArgument(new Argument("<kind>", "what to start").choices(NEW_KINDS))
    .argument("<slug>", "its name in addresses: lower-case words joined by hyphens; of a line or a note, its question")
    .action(
      run(async (kind: NewKind, slug: string) => {
        for (const path of makeNew(process.cwd(), kind, slug)) process.stdout.write(`${path}\n`);
        process.stderr.write("Each is valid as it stands. Answer the questions in it, then run `npm run check`.\n");
        return 0;
      }),
    );
}

/** Writes the files of a new thing and returns their paths. Throws, having written nothing, when one is there already. */
export function makeNew(root: string, kind: NewKind, slug: string): string[] {
  if (!Slug.safeParse(slug).success)
    throw badUse(
      `"${slug}" cannot be a name in addresses: expected lower-case words joined by hyphens, such as "${suggest(slug)}".`,
    );
  const files = templates(kind, slug, {
    today: new Date().toISOString().slice(0, 10),
    topics: idsOf(root, "topics"),
    experiments: idsOf(root, "experiments"),
    lines: idsOf(root, "lines"),
    claims: claimsOf(root),
  });
  const paths = Object.keys(files);
  const there = paths.find((path) => existsSync(join(root, path)));
  if (there !== undefined) throw badUse(`${there} is there already. Edit it, or choose another name.`);
  const written: string[] = [];
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text, { flag: "wx" });
      written.push(path);
    }
  } catch (error) {
    for (const path of written) rmSync(join(root, path));
    throw error;
  }
  return paths;
}

function suggest(text: string): string {
  const clean = text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return clean || "why-do-early-layers-differ";
}

/** Names alone: another file's fault is no reason not to start a new one. */
function idsOf(root: string, kind: Kind): string[] {
  const folder = join(root, "content", kind);
  const { extension } = KINDS[kind];
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(`.${extension}`))
        .map((name) => name.slice(0, -extension.length - 1))
        .sort()
    : [];
}

function claimsOf(root: string): string[] {
  try {
    return [...claimKeys(readContent(root, ["notes"]))];
  } catch (error) {
    if (error instanceof ContentError) return [];
    throw error;
  }
}
