import { type Piece, textOf, within } from "./twin-tree.ts";

/** Where words stand: each place gives other characters a meaning. */
export interface Place {
  readonly inLink?: boolean;
  readonly inCell?: boolean;
}

/** Makes a link's address that of the twin that it leads to. */
export type Lead = (href: string) => string;

/** White space of HTML, which has no meaning; a space that holds words together has. */
const SPACE = /[ \t\r\n\f]+/g;

/** Marks of Markdown wherever they stand; an underscore inside a word is none. */
const MARKS = /[\\`*[~$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|<(?=[!/?A-Za-z])|&(?=[#A-Za-z])/gu;

/** Set apart on the page by their style alone. */
const APART = new Set(["span", "p", "div", "small"]);

/** Pieces and text as one line of Markdown. */
export function words(pieces: readonly (Piece | string)[], lead: Lead, place: Place = {}): string {
  let line = "";
  for (const [i, piece] of pieces.entries()) {
    if (typeof piece === "string") {
      line += safe(piece, place);
      continue;
    }
    const [last, next] = [pieces[i - 1], pieces[i + 1]];
    const isApart = APART.has(piece.name);
    if (piece.block || (isApart && last !== undefined && /[\p{L}\p{N}.!?”’]$/u.test(textOf(last)))) line += " ";
    line += wordsOf(piece, lead, place);
    if (piece.block || (isApart && next !== undefined && (typeof next !== "string" || /^[\p{L}\p{N}“‘]/u.test(next))))
      line += " ";
  }
  // An exclamation before a link would make it a picture.
  return line
    .replace(/ +/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/!(?=\[)/g, "\\!");
}

function wordsOf(piece: Piece, lead: Lead, place: Place): string {
  const { name, attributes, children } = piece;
  const inner = (within: Place = place) => words(children, lead, within);
  switch (name) {
    case "a":
      return attributes.href === undefined || place.inLink
        ? inner()
        : around(inner({ ...place, inLink: true }), "[", `](${destination(lead(attributes.href), place)})`);
    case "b":
    case "strong":
      return stressed(inner(), "**");
    case "em":
    case "i":
      return stressed(inner(), "*");
    case "q":
      return `"${inner().trim()}"`;
    case "code":
    case "kbd":
    case "samp":
      return verbatim(textOf(piece).replace(SPACE, " "), "`", place);
    case "math":
      return verbatim(within(piece, ["annotation"]).map(textOf).join(" ").replace(SPACE, " ").trim(), "$", place);
    case "sub":
      return `\\_${inner()}`;
    case "sup":
      return `^${inner()}`;
    case "br":
      return place.inCell || place.inLink ? " " : "\\\n";
    case "img":
      return safe(attributes.alt ?? "", place);
    case "ul":
    case "ol":
      return within(piece, ["li"])
        .map((item) => words(item.children, lead, place).trim())
        .join("; ");
    default:
      return inner();
  }
}

/** Marks round some words; the space at their ends stays outside. */
function around(text: string, before: string, after: string): string {
  const inner = text.trim();
  if (inner === "") return text;
  return `${text.startsWith(" ") ? " " : ""}${before}${inner}${after}${text.endsWith(" ") ? " " : ""}`;
}

/** A sign alone can't be stressed: beside a letter its marks would be none. */
const stressed = (text: string, mark: string) => (/[\p{L}\p{N}]/u.test(text) ? around(text, mark, mark) : text);

/** Text in which nothing is markup, between fences longer than any in it. */
function verbatim(text: string, fence: string, { inCell }: Place): string {
  if (text === "") return "";
  let marks = fence;
  while (text.includes(marks)) marks += fence;
  const held = inCell ? text.replaceAll("|", "\\|") : text;
  const room = held.startsWith(fence) || held.endsWith(fence) ? " " : "";
  return marks + room + held + room + marks;
}

function destination(href: string, { inCell }: Place): string {
  const held = inCell ? href.replaceAll("|", "%7C") : href;
  return /[\s<>()\\]/.test(held) ? `<${held.replace(/[<>\\]/g, "\\$&").replace(/\s/g, "%20")}>` : held;
}

/**
 * Text that stays text: what Markdown, its tables and its formulas would read as marks has a backslash. What counts at the start
 * of a line alone is `atStart`'s; an address that is written out may lead to itself.
 */
const safe = (text: string, { inLink, inCell }: Place): string => {
  const marked = text.replace(SPACE, " ").replace(MARKS, "\\$&");
  if (!inLink && !inCell) return marked;
  return marked.replace(inLink ? (inCell ? /[|\]]/g : /\]/g) : /\|/g, "\\$&");
};

/** A line whose first characters are text: no heading, quotation, list or rule. */
export const atStart = (line: string): string =>
  line.replace(/^(#{1,6}(?= |$)|>|[+-](?= |$|[+-])|=+$)/, "\\$1").replace(/^(\d+)([.)])(?= |$)/, "$1\\$2");
