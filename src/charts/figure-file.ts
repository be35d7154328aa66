import type { Table } from "../../pipeline/artifacts/schema.ts";
import { tableCsv } from "../facts/csv.ts";
import { INK_LIGHT } from "./ink.ts";
import { wrapWords } from "./labels.ts";
import { escapeMarkup } from "./markup.ts";

/** What a figure takes along when it leaves its page. */
export interface FigureFile {
  /** What it shows, in a sentence; its head. */
  caption: string;
  /** Who measured what, on which model and when, and where that stands; its foot. */
  credit: string;
  description: string;
  model: string;
  experiment: string;
  /** When it was measured, as an ISO date. */
  measured: string;
  /** Key of the artifact: the hash of everything that went into it. */
  key: string;
  /** Address of the artifact's page. */
  address: string;
  table: Table;
}

/** The kinds of file that a page may name under `/charts/`, by extension, with their types. */
export const FIGURE_FILES = {
  svg: "image/svg+xml",
  csv: "text/csv; charset=utf-8",
  "data.json": "application/json",
  json: "application/json",
} as const;

export const figureCsv = ({ table }: FigureFile): string => tableCsv(table);

/** The figure's data with the names of all columns, and where they come from. */
export const figureJson = ({ table, ...about }: FigureFile): string =>
  `${JSON.stringify({ ...about, columns: table.columns, rows: table.rows }, null, 1)}\n`;

const PAD = 18;
const HEAD = { size: 16, leading: 21, family: "'Source Serif 4', Georgia, serif" };
const FOOT = { size: 10, leading: 14, family: "Inter, system-ui, sans-serif" };

/**
 * A drawing that stands on its own, in the light theme's colours: its caption above it, its source below, on paper.
 * Throws on a custom property that has no colour.
 */
export function standalone(svg: string, { caption, credit }: Pick<FigureFile, "caption" | "credit">): string {
  const inked = svg.replace(/="var\((--[a-z]+)\)"/g, (_, name: string) => {
    const colour = INK_LIGHT[name];
    if (colour === undefined) throw new Error(`No colour for ${name} in a standalone chart.`);
    return `="${colour}"`;
  });
  const [, attributes = "", words = "", rest = ""] =
    /^<svg ([^>]*)>(<title>.*?<\/title><desc>.*?<\/desc>)?(.*)$/s.exec(inked) ?? [];
  const [x = 0, y = 0, width = 0, height = 0] = /viewBox="([^"]+)"/.exec(attributes)?.[1]?.split(" ").map(Number) ?? [];
  const lines = (text: string, { size }: { size: number }, glyph: number) =>
    text === "" ? [] : wrapWords(text, Math.floor(width / (size * glyph)));
  const [head, foot] = [lines(caption, HEAD, 0.47), lines(credit, FOOT, 0.52)];
  const above = head.length === 0 ? 0 : head.length * HEAD.leading + 12;
  const below = foot.length === 0 ? 0 : foot.length * FOOT.leading + 12;
  const [left, top] = [x - PAD, y - PAD - above];
  const [wide, tall] = [width + 2 * PAD, height + above + below + 2 * PAD];
  const set = (text: string[], { size, leading, family }: typeof HEAD, from: number, fill: string) =>
    text
      .map(
        (line, i) =>
          `<text x="${x}" y="${from + i * leading}" font-family="${family}" font-size="${size}" fill="${fill}">${escapeMarkup(line)}</text>`,
      )
      .join("");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="${left} ${top} ${wide} ${tall}" width="${wide}" height="${tall}">`,
    words,
    `<rect x="${left}" y="${top}" width="${wide}" height="${tall}" fill="${INK_LIGHT["--paper"]}"/>`,
    set(head, HEAD, y - above + HEAD.size - 2, INK_LIGHT["--ink"]!),
    rest.replace(/<\/svg>\s*$/, ""),
    set(foot, FOOT, y + height + 12 + FOOT.size, INK_LIGHT["--soft"]!),
    "</svg>",
  ].join("");
}
