import { cancel, isCancel, multiselect, select, text } from "@clack/prompts";
import { UserError } from "../errors.ts";
import { suggest } from "./slug.ts";
import type { NewKind } from "./templates.ts";

export const NEW_KINDS: readonly NewKind[] = ["line", "note", "source", "experiment"];

/** What an author said, on the command line or when asked. */
export interface Asked {
  readonly kind?: NewKind;
  readonly slug?: string;
  readonly title?: string;
  readonly topic?: readonly string[];
  readonly bibtex?: string;
  readonly doi?: string;
  readonly arxiv?: string;
}

const ABOUT: Readonly<Record<NewKind, string>> = {
  line: "a question, answered from notes",
  note: "a finding, with its claims",
  source: "a paper or post that notes cite",
  experiment: "a protocol and its code",
};

/** Asks, on the terminal, for what was not said. Throws UserError when the author ends it. */
export async function ask(told: Asked, topics: readonly string[]): Promise<Asked> {
  const kind =
    told.kind ??
    answered(
      await select({
        message: "What is to be started?",
        options: NEW_KINDS.map((value) => ({ value, label: value, hint: ABOUT[value] })),
      }),
    );
  const named = told.slug ?? told.title ?? told.bibtex ?? told.doi ?? told.arxiv;
  const identity = named === undefined ? await (kind === "source" ? askSource() : askName(kind)) : {};
  const topic =
    told.topic ??
    (kind === "experiment" || topics.length === 0 || named !== undefined
      ? undefined
      : answered(
          await multiselect({
            message: "Its topics? (space chooses, enter goes on)",
            options: topics.map((value) => ({ value, label: value })),
          }),
        ));
  return { ...told, kind, ...identity, topic };
}

async function askName(kind: NewKind): Promise<Asked> {
  const asks = kind === "line" || kind === "note" ? "Its question?" : "Its title?";
  const title = answered(
    await text({ message: asks, validate: (said) => (said?.trim() ? undefined : "Say it in a few words.") }),
  );
  const slug = answered(await text({ message: "Its name in addresses?", initialValue: suggest(title) }));
  return { title: title.trim(), slug };
}

async function askSource(): Promise<Asked> {
  const from = answered(
    await select({
      message: "From what?",
      options: [
        { value: "doi", label: "a DOI", hint: "looked up" },
        { value: "arxiv", label: "an arXiv id", hint: "looked up" },
        { value: "bibtex", label: "a BibTeX file" },
        { value: "hand", label: "by hand" },
      ] as const,
    }),
  );
  if (from === "hand") return askName("source");
  return {
    [from]: answered(await text({ message: { doi: "Which DOI?", arxiv: "Which id?", bibtex: "Which file?" }[from] })),
  };
}

function answered<T>(answer: T): Exclude<T, symbol> {
  if (!isCancel(answer)) return answer as Exclude<T, symbol>;
  cancel("Nothing was written.");
  throw new UserError("Stopped: nothing was written.");
}
