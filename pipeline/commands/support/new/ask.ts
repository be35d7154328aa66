import { cancel, isCancel, multiselect, select, text } from "@clack/prompts";
import { UserError } from "../errors.ts";
import { suggest } from "./slug.ts";
import { type NewKind, titleOf } from "./templates.ts";

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

/** What names a source from elsewhere, instead of its author. */
export const referredTo = ({ bibtex, doi, arxiv }: Asked): boolean =>
  [bibtex, doi, arxiv].some((each) => each !== undefined);

/** Lines, notes and sources stand under topics, where there are any. */
const isUnderTopics = (kind: NewKind, topics: readonly string[]): boolean => kind !== "experiment" && topics.length > 0;

/** The flags without which a thing cannot be started, that were not given. Nothing is chosen for an author. */
export function missing(kind: NewKind, told: Asked, topics: readonly string[]): string[] {
  const named = told.slug !== undefined || told.title !== undefined || referredTo(told);
  const names = kind === "source" ? "a name, --title, --bibtex, --doi or --arxiv" : "a name or --title";
  return [
    ...(named ? [] : [names]),
    ...(told.topic === undefined && isUnderTopics(kind, topics) ? [`--topic (there are: ${topics.join(", ")})`] : []),
  ];
}

/** Asks, on the terminal, for everything that was not said. Throws UserError when the author ends it. */
export async function ask(told: Asked, topics: readonly string[]): Promise<Asked> {
  const kind = told.kind ?? (referredTo(told) ? "source" : await askKind());
  const from = kind === "source" && told.title === undefined && !referredTo(told) ? await askOrigin() : {};
  const known = { ...told, kind, ...from };
  return {
    ...known,
    ...(referredTo(known) ? {} : await askName(kind, known)),
    topic: told.topic ?? (isUnderTopics(kind, topics) ? await askTopics(topics) : undefined),
  };
}

async function askKind(): Promise<NewKind> {
  return answered(
    await select({
      message: "What is to be started?",
      options: NEW_KINDS.map((value) => ({ value, label: value, hint: ABOUT[value] })),
    }),
  );
}

/** A title and a name, where one of them was not said. The one proposes the other. */
async function askName(kind: NewKind, { slug, title }: Asked): Promise<Asked> {
  const isQuestion = kind === "line" || kind === "note";
  const proposed = slug === undefined ? undefined : `${titleOf(slug)}${isQuestion ? "?" : ""}`;
  const called = title ?? (await askText(isQuestion ? "Its question?" : "Its title?", proposed));
  return { title: called, slug: slug ?? (await askText("Its name in addresses?", suggest(called))) };
}

async function askOrigin(): Promise<Asked> {
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
  if (from === "hand") return {};
  return { [from]: await askText({ doi: "Which DOI?", arxiv: "Which id?", bibtex: "Which file?" }[from]) };
}

async function askTopics(topics: readonly string[]): Promise<string[]> {
  return answered(
    await multiselect({
      message: "Its topics? (space chooses, enter goes on)",
      options: topics.map((value) => ({ value, label: value })),
    }),
  );
}

async function askText(message: string, initialValue?: string): Promise<string> {
  const validate = (said: string | undefined) => (said?.trim() ? undefined : "Say it in a few words.");
  return answered(await text({ message, initialValue, validate })).trim();
}

function answered<T>(answer: T): Exclude<T, symbol> {
  if (!isCancel(answer)) return answer as Exclude<T, symbol>;
  cancel("Nothing was written.");
  throw new UserError("Stopped: nothing was written.");
}
