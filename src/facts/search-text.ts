import type { Verdict } from "../../pipeline/artifacts/verdict.ts";

/**
 * How texts and queries become words of the search. Chinese and Japanese are written without spaces, and the search knows words by
 * spaces alone: each of their characters is made a word, in what is indexed and in what is asked; what is shown is joined again.
 */
const CHARACTER = "[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー々〆]";
const BETWEEN = new RegExp(`(?<=${CHARACTER})(?=[^\\s<])|(?<=[^\\s>])(?=${CHARACTER})`, "gu");
const JOINT = new RegExp(`(?<=${CHARACTER}) (?=${CHARACTER})`, "gu");

/** Chinese and Japanese characters set apart, the rest as it was. */
export const apart = (text: string): string => text.replace(BETWEEN, " ");

/** The opposite of `apart`, for what is shown. */
export const joined = (text: string): string => text.replace(JOINT, "");

/** A formula as people type it: `W_{U}` as `W_U`, `d = 576` as `d=576`; commands lose their backslash. */
export const plainFormula = (tex: string): string =>
  tex
    .replace(/\\(?:mathrm|text|mathbf|operatorname|left|right|[,;!: ])/g, "")
    .replace(/\s*=\s*/g, "=")
    .replace(/[{}\\]/g, "")
    .replace(/&(?:lt|gt|amp|quot|#x?[0-9a-f]+);/gi, " ")
    .trim();

/** What a search can be narrowed by; an empty value narrows nothing. */
export interface Narrowed {
  kind: string;
  topic: string;
  verdict: string;
  model: string;
}

/** What a page or a claim is found by besides its words. `verdicts`: joint values `model:verdict`. */
export interface Traits {
  kind: string;
  topics: readonly string[];
  verdicts: readonly string[];
}

/**
 * A trait as a word of the text, of no weight: narrowing a search is asking for one word more. The engine's own filters count,
 * for every value that there is, the pages of every answer, which takes longer than the search; and a query of filters alone it
 * answers by reading the whole index. Nobody types such a word by the way, none is the beginning of another, and what is shown is
 * without them.
 */
const markOf = (trait: string, value: string): string =>
  `__${trait}_${value.toLowerCase().replace(/[^a-z0-9]+/g, "_")}__`;

const MARK = /\s*__(?:kind|topic|verdict[a-z]*|model[a-z]*)_\w+__/g;

/** Verdicts that say that nothing was measured: a model is asked for by any of the others. */
const UNMEASURED: readonly string[] = ["untested", "untestable"] satisfies Verdict[];

/**
 * The words of all traits. A verdict has one with its model, which two words could not join, and one without; and each of these
 * once more with the kind, since a word that half of all pages have is slow to ask for.
 */
export function marksOf({ kind, topics, verdicts }: Traits): string {
  const marks = [markOf("kind", kind), ...topics.map((topic) => markOf("topic", topic))];
  for (const joint of verdicts) {
    const [model, verdict] = jointParts(joint);
    for (const own of ["", kind]) {
      marks.push(markOf(`verdict${own}`, joint), markOf(`verdict${own}`, verdict));
      if (!UNMEASURED.includes(verdict)) marks.push(markOf(`model${own}`, model));
    }
  }
  return [...new Set(marks)].join(" ");
}

/** The words that a search is narrowed by. */
export function marksAsked({ kind, topic, verdict, model }: Narrowed): string[] {
  const judged = verdict
    ? markOf(`verdict${kind}`, model ? `${model}:${verdict}` : verdict)
    : model && markOf(`model${kind}`, model);
  return [judged || (kind && markOf("kind", kind)), topic && markOf("topic", topic)].filter((mark) => mark !== "");
}

/** The parts of a joint value `model:verdict`. */
export function jointParts(joint: string): [model: string, verdict: string] {
  const at = joint.lastIndexOf(":");
  return [joint.slice(0, at), joint.slice(at + 1)];
}

/** What is shown, without the marks. */
export const unmarked = (text: string): string => text.replace(MARK, "");

/** Words that stand on nearly every page: they tell none from another, and their pieces of the index are the largest. */
const COMMON = new Set(
  "a an and are as at be been but by for from had has have he her his i in is it its not of on or she that the their there they this to was we were which who will with would you".split(
    " ",
  ),
);

/** What the engine is asked for, of what was typed: all words but the commonest, which may be none. */
export const askedFor = (typed: string): string =>
  apart(typed)
    .split(/\s+/)
    .filter((word) => word !== "" && !COMMON.has(word.toLowerCase()))
    .join(" ");

const FORMULA = /<math[\s\S]*?<annotation[^>]*>([\s\S]*?)<\/annotation>[\s\S]*?<\/math>/g;

/**
 * A page's HTML as the index takes it: formulas as they are typed, and characters apart. Tags and attributes are left alone.
 */
export const searchable = (html: string): string =>
  html
    .replace(FORMULA, (_, tex: string) => ` ${plainFormula(tex)} `)
    .replace(/>([^<]+)</g, (_, text: string) => `>${apart(text)}<`);
