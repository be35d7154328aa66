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

/**
 * A filter's value as a word of the text. The engine answers a query without a word by reading its whole index; filters alone are
 * asked by such words, whose pieces name the pages that have them and no others. Nobody types one by the way, and what is shown
 * is without them.
 */
export const markOf = (filter: string, value: string): string =>
  `__${filter}_${value.toLowerCase().replace(/[^a-z0-9]+/g, "_")}`;

/** The marks of all filters that a page or a record has. */
export const marksOf = (filters: Iterable<readonly [filter: string, values: readonly string[]]>): string =>
  [...filters].flatMap(([filter, values]) => values.map((value) => markOf(filter, value))).join(" ");

const MARK = /\s*__(?:kind|topic|verdict)_\w+/g;

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

const filtersIn = (html: string): [string, string[]][] =>
  [...html.matchAll(/data-pagefind-filter="(\w+)"[^>]*>([^<]+)</g)].map(([, filter = "", value = ""]) => [
    filter,
    [value],
  ]);

const FORMULA = /<math[\s\S]*?<annotation[^>]*>([\s\S]*?)<\/annotation>[\s\S]*?<\/math>/g;

/**
 * A page's HTML as the index takes it: formulas as they are typed, characters apart, and the marks of its filters at the end of
 * the text. Tags and attributes are left alone.
 */
export const searchable = (html: string): string =>
  html
    .replace(/<\/main>(?![\s\S]*<\/main>)/, () => ` ${marksOf(filtersIn(html))}</main>`)
    .replace(FORMULA, (_, tex: string) => ` ${plainFormula(tex)} `)
    .replace(/>([^<]+)</g, (_, text: string) => `>${apart(text)}<`);
