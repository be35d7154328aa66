import { Parser } from "htmlparser2";

/** An element of a page as its twin needs it. */
export interface Piece {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (Piece | string)[];
  /** Stands on lines of its own, or holds something that does. */
  block: boolean;
}

const BLOCKS = new Set(
  "address article aside blockquote dd details div dl dt fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section summary table ul".split(
    " ",
  ),
);

/** Drawings, what acts, and what is shown to nobody. */
const LEFT_OUT = new Set([
  "svg",
  "script",
  "style",
  "form",
  "button",
  "template",
  "input",
  "canvas",
  "option",
  "caption",
]);
/** Parts that are drawings of what the page says elsewhere in words have `data-twin="none"`. */
const isHidden = ({ hidden, "aria-hidden": aria, "data-twin": twin }: Readonly<Record<string, string>>) =>
  hidden !== undefined || aria === "true" || twin === "none";

/** What stands in the first `main` of some HTML, without what no twin says. Throws where there is no `main`. */
export function mainPiece(html: string): Piece {
  let main: Piece | undefined;
  let left = 0;
  const open: Piece[] = [];
  const parser = new Parser({
    onopentag(name, attributes) {
      if (left > 0 || LEFT_OUT.has(name) || isHidden(attributes)) {
        left++;
        return;
      }
      const piece: Piece = { name, attributes, children: [], block: BLOCKS.has(name) };
      if (name === "main") main ??= piece;
      open.at(-1)?.children.push(piece);
      open.push(piece);
    },
    ontext(text) {
      const children = open.at(-1)?.children;
      if (left > 0 || !children) return;
      // The parser hands out a text in parts, at each character reference: what is next to what decides on marks.
      if (typeof children.at(-1) === "string") children.push(`${children.pop()}${text}`);
      else children.push(text);
    },
    onclosetag() {
      if (left > 0) {
        left--;
        return;
      }
      const closed = open.pop();
      const holder = open.at(-1);
      if (closed?.block && holder) holder.block = true;
    },
  });
  parser.end(html);
  if (!main) throw new Error("The page has no <main>.");
  return main;
}

/** All text in a piece, as it was written. */
export const textOf = (piece: Piece | string): string =>
  typeof piece === "string" ? piece : piece.children.map(textOf).join("");

/** The nearest pieces of one of these names, in order. */
export const within = (piece: Piece, names: readonly string[]): Piece[] =>
  piece.children.flatMap((child) =>
    typeof child === "string" ? [] : names.includes(child.name) ? [child] : within(child, names),
  );
