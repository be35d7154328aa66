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
 * A word of every page and every record. The engine reads its whole index to answer a query without a word; filters alone are
 * asked with this one, which lies in one piece. Nobody types it by the way, and what is shown is without it.
 */
export const EVERY = "__all";

/** Words that stand on nearly every page: with others beside them they find nothing more, and their pieces are the largest. */
const COMMON = new Set(
  "a an and are as at be been but by for from had has have he her his i in is it its not of on or she that the their there they this to was we were which who will with would you".split(
    " ",
  ),
);

/** What the engine is asked for, of what was typed: all words but the commonest, unless there is no other. */
export function askedFor(typed: string): string {
  const words = apart(typed).split(/\s+/).filter(Boolean);
  const rare = words.filter((word) => !COMMON.has(word.toLowerCase()));
  return (rare.length > 0 ? rare : words).join(" ");
}

const FORMULA = /<math[\s\S]*?<annotation[^>]*>([\s\S]*?)<\/annotation>[\s\S]*?<\/math>/g;

/**
 * A page's HTML as the index takes it: formulas as they are typed, characters apart, and the word that every page has. Tags and
 * attributes are left alone.
 */
export const searchable = (html: string): string =>
  html
    .replace(/<\/main>(?![\s\S]*<\/main>)/, ` ${EVERY}</main>`)
    .replace(FORMULA, (_, tex: string) => ` ${plainFormula(tex)} `)
    .replace(/>([^<]+)</g, (_, text: string) => `>${apart(text)}<`);
