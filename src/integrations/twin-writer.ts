import { mainPiece, type Piece, textOf, within } from "./twin-tree.ts";
import { atStart, type Lead, words } from "./twin-words.ts";

/**
 * The `main` of some HTML as Markdown (CommonMark with tables, formulas between `$`). It knows the elements that pages are made
 * of, and no more: of any other it takes the words. Throws where there is no `main`.
 */
export function writeTwin(html: string, lead: Lead): string {
  return `${blocks(mainPiece(html).children, lead).join("\n\n")}\n`;
}

/** Pieces as blocks; what stands between them in a line is a paragraph. */
function blocks(pieces: readonly (Piece | string)[], lead: Lead): string[] {
  const found: string[] = [];
  let line: (Piece | string)[] = [];
  const endLine = () => {
    const paragraph = atStart(words(line, lead).trim());
    if (paragraph !== "") found.push(paragraph);
    line = [];
  };
  for (const piece of pieces)
    if (typeof piece === "string" || !piece.block) line.push(piece);
    else {
      endLine();
      // Two lists, one after the other, would be one.
      const afterList = /^[-*] |^\d+[.)] /.test(found.at(-1) ?? "");
      found.push(...blocksOf(piece, lead, afterList && found.at(-1)!.startsWith("- ") ? "*" : "-"));
    }
  endLine();
  return found;
}

function blocksOf(piece: Piece, lead: Lead, bullet: string): string[] {
  const { name, children } = piece;
  switch (name) {
    case "h1":
    case "h2":
    case "h3":
    case "h4":
    case "h5":
    case "h6":
      return present(`${"#".repeat(Number(name[1]))} ${words(children, lead).trim().replace(/#$/, "\\#")}`);
    case "p":
    case "summary":
      return children.some((child) => typeof child !== "string" && child.block)
        ? blocks(children, lead)
        : present(atStart(words(children, lead).trim()));
    case "ul":
      return listOf(
        within(piece, ["li"]).map((item) => blocks(item.children, lead)),
        () => `${bullet} `,
      );
    case "ol":
      return listOf(
        within(piece, ["li"]).map((item) => blocks(item.children, lead)),
        (i) => `${i + 1}. `,
      );
    case "dl":
      return listOf(definitions(piece, lead), () => `${bullet} `);
    case "table":
      return present(tableOf(piece, lead));
    case "pre":
      return [fenced(textOf(piece))];
    case "blockquote":
      return present(indented(blocks(children, lead).join("\n\n"), "> ", "> "));
    case "hr":
      return ["---"];
    default:
      return blocks(children, lead);
  }
}

const present = (block: string): string[] => (block.trim() === "" ? [] : [block]);

function listOf(items: readonly (readonly string[])[], mark: (i: number) => string): string[] {
  const written = items
    .filter((item) => item.length > 0)
    .map((item, i) => indented(itemOf(item), mark(i), " ".repeat(mark(i).length)));
  // Items of several paragraphs are set apart, and then all are.
  return present(written.join(written.some((item) => item.includes("\n\n")) ? "\n\n" : "\n"));
}

/** An item's blocks: lists and quotations follow their paragraph without a gap. */
const itemOf = ([first = "", ...others]: readonly string[]): string =>
  first + others.map((block) => (/^(?:[-*>] |\d+\. )/.test(block) ? "\n" : "\n\n") + block).join("");

/** Each term of a description list with what describes it, as the one line of an item. */
function definitions(list: Piece, lead: Lead): string[][] {
  const items: [string, string[]][] = [];
  for (const each of within(list, ["dt", "dd"])) {
    const line = words(each.children, lead).trim();
    if (each.name === "dt") items.push([line, []]);
    else items.at(-1)?.[1].push(line);
  }
  return items.map(([term, described]) => [`${atStart(term)}: ${described.join("; ")}`.trim()]);
}

function tableOf(table: Piece, lead: Lead): string {
  /** How many rows below are still taken by a cell, by column. */
  const taken: number[] = [];
  const rows = within(table, ["tr"]).map((row) => {
    const cells: string[] = [];
    const skip = () => {
      for (; (taken[cells.length] ?? 0) > 0; cells.push("")) taken[cells.length]!--;
    };
    for (const { attributes, children } of within(row, ["th", "td"])) {
      skip();
      const [wide, high] = [Number(attributes.colspan ?? 1), Number(attributes.rowspan ?? 1)];
      const text = words(children, lead, { inCell: true }).trim();
      for (let i = 0; i < wide; i++) {
        taken[cells.length] = high - 1;
        cells.push(i === 0 ? text : "");
      }
    }
    skip();
    return cells;
  });
  const columns = Math.max(0, ...rows.map(({ length }) => length));
  if (columns === 0) return "";
  const line = (cells: readonly string[]) =>
    `|${Array.from({ length: columns }, (_, i) => (cells[i] ? ` ${cells[i]} |` : " |")).join("")}`;
  return [line(rows[0]!), `|${" - |".repeat(columns)}`, ...rows.slice(1).map(line)].join("\n");
}

function fenced(code: string): string {
  let fence = "```";
  while (code.includes(fence)) fence += "`";
  return `${fence}\n${code.replace(/\n+$/, "")}\n${fence}`;
}

const indented = (text: string, first: string, others: string): string =>
  text
    .split("\n")
    .map((line, i) => (i === 0 ? first : line === "" ? others.trimEnd() : others) + line)
    .join("\n");
