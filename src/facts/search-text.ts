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

const FORMULA = /<math[\s\S]*?<annotation[^>]*>([\s\S]*?)<\/annotation>[\s\S]*?<\/math>/g;

/** A page's HTML as the index takes it: formulas as they are typed, characters apart. Tags and attributes are left alone. */
export const searchable = (html: string): string =>
  html
    .replace(FORMULA, (_, tex: string) => ` ${plainFormula(tex)} `)
    .replace(/>([^<]+)</g, (_, text: string) => `>${apart(text)}<`);
