import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Argument, Command } from "commander";
import { ContentError, readContent } from "../artifacts/content-files.ts";
import { writeFrontmatterHelp } from "../artifacts/editor-help.ts";
import { hintFor } from "../artifacts/nearest.ts";
import { claimKeys } from "../artifacts/references.ts";
import { slug as Slug } from "../artifacts/schema.ts";
import { KINDS, type Kind } from "../artifacts/vault.ts";
import { badUse, run } from "./support/errors.ts";
import { type Asked, ask, missing, NEW_KINDS, referredTo } from "./support/new/ask.ts";
import { lookUp, referencesOf, slugOf } from "./support/new/reference.ts";
import { suggest } from "./support/new/slug.ts";
import { type Given, type NewKind, templates } from "./support/new/templates.ts";

interface Options {
  title?: string;
  topic?: string[];
  bibtex?: string;
  doi?: string;
  arxiv?: string;
}

export function command(): Command {
  return new Command("new")
    .description("a file to start from; on a terminal it asks for what it isn't told")
    .addArgument(new Argument("[kind]", "what to start").choices(NEW_KINDS))
    .argument("[slug]", "its name in addresses: lower-case words joined by hyphens; of a line or a note, its question")
    .option("--title <text>", "its title; of a line or a note, its question")
    .option("--topic <id...>", "its topics, of content/topics")
    .option("--bibtex <file>", "a source, or several, from BibTeX text; - reads standard input")
    .option("--doi <doi>", "a source, looked up at doi.org")
    .option("--arxiv <id>", "a source, looked up at doi.org by its arXiv id")
    .action(
      run(async (kind: NewKind | undefined, slug: string | undefined, options: Options) => {
        const root = process.cwd();
        const told = { kind, slug, ...options };
        refuseMisuse(root, told);
        const full = isTerminal() ? await ask(told, idsOf(root, "topics")) : told;
        for (const path of await startAll(root, full)) process.stdout.write(`${path}\n`);
        writeFrontmatterHelp(root);
        process.stderr.write("Each is valid as it stands. Answer the questions in it, then run `npm run check`.\n");
        return 0;
      }),
    );
}

const isTerminal = () => process.stdin.isTTY === true && process.stdout.isTTY === true;

/** Throws where what was given cannot be meant, before anything else is asked. */
function refuseMisuse(root: string, { kind, topic, bibtex, doi, arxiv }: Asked): void {
  const unknown = topic?.find((id) => !idsOf(root, "topics").includes(id));
  if (unknown !== undefined)
    throw badUse(
      `--topic ${unknown}: there is no content/topics/${unknown}.mdx${hintFor(unknown, idsOf(root, "topics"))}`,
    );
  const from = [bibtex, doi, arxiv].filter((each) => each !== undefined);
  if (from.length > 0 && kind !== undefined && kind !== "source")
    throw badUse(`--bibtex, --doi and --arxiv make sources, not a ${kind}.`);
  if (from.length > 1) throw badUse("Give one of --bibtex, --doi, --arxiv.");
}

/** Starts everything that an author asked for: one thing, or each source of a BibTeX text. */
async function startAll(root: string, asked: Asked): Promise<string[]> {
  const { kind, slug, title, topic, bibtex, doi, arxiv } = asked;
  if (!kind) throw badUse(`Say what to start: ${NEW_KINDS.join(", ")}.`);
  const untold = missing(kind, asked, idsOf(root, "topics"));
  if (untold.length > 0)
    throw badUse(
      `To start ${kind === "experiment" ? "an" : "a"} ${kind}, say also ${untold.join(", and ")}. On a terminal you would be asked. See: npm run new -- --help`,
    );
  if (!referredTo(asked)) return makeNew(root, kind, slug ?? suggest(title!), { title, topics: topic });
  const references = bibtex === undefined ? [await lookUp({ doi, arxiv })] : referencesOf(readText(bibtex));
  if (slug !== undefined && references.length > 1)
    throw badUse(`There are ${references.length} entries: leave the name out, each gets its own.`);
  return references.flatMap((reference) =>
    makeNew(root, kind, slug ?? slugOf(reference), { title, topics: topic, reference }),
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw badUse(`--bibtex ${file}: cannot be read (${(error as Error).message}).`);
  }
}

/** Writes the files of a new thing and returns their paths. Throws, having written nothing, when one is there already. */
export function makeNew(root: string, kind: NewKind, slug: string, given: Given = {}): string[] {
  if (!Slug.safeParse(slug).success)
    throw badUse(
      `"${slug}" cannot be a name in addresses: expected lower-case words joined by hyphens, such as "${suggest(slug)}".`,
    );
  const around = {
    today: new Date().toISOString().slice(0, 10),
    topics: idsOf(root, "topics"),
    experiments: idsOf(root, "experiments"),
    lines: idsOf(root, "lines"),
    claims: claimsOf(root),
  };
  const files = templates(kind, slug, around, given);
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
