import type { TopLevelSpec } from "vega-lite";
import { isDeep, type Track } from "./chart-data.ts";
import { directLabels } from "./direct-labels.ts";
import type { Frame } from "./frame.ts";
import { INK } from "./ink.ts";
import { wrapWords } from "./labels.ts";
import { domainOf, type PanelFrame, panelLayers, placeScale, stylesOf } from "./panel.ts";
import { axisTexts } from "./scales.ts";

/** The two measures a log is drawn in: on a page's width, and on a phone's, where nothing is scaled down. */
export const LOG_SIZES = {
  wide: { width: 150, height: 330, gap: 34, font: 11, columns: 3 },
  narrow: { width: 92, height: 300, gap: 20, font: 11, columns: 3 },
} as const;

export type LogSize = keyof typeof LOG_SIZES;

/** Room at the left for the depth axis. */
const GUTTER = 26;
/** Room below, for the ends of the quantity. */
const FOOT = 30;
const LEADING = 1.28;
/** Room at the right for a label that leans out of the last track. */
const MARGIN = 14;

/**
 * The sounding log: one narrow track for each quantity, all over one depth axis that points down (0 at the top).
 * Blocks stand between the depths they join. `columns` tracks stand in a row. Throws on a quantity that is not over depth.
 */
export function soundingLog(tracks: readonly Track[], size: LogSize = "wide", columns?: number): TopLevelSpec {
  const shallow = tracks.find((track) => !isDeep(track.quantity));
  if (shallow)
    throw new Error(
      `"${shallow.quantity.quantity}" runs over ${shallow.quantity.x}, not over depth: draw it with Figure.`,
    );
  const form = LOG_SIZES[size];
  const perRow = columns ?? form.columns;
  const inRow = Math.min(perRow, tracks.length);
  const place = depthRange(tracks);
  const styles = stylesOf(tracks);
  const frames = tracks.map(
    (track, i): PanelFrame => ({
      along: "down",
      width: form.width,
      height: form.height,
      font: form.font,
      place,
      shift: shiftOf(track, tracks),
      styles,
      id: `plot-${i}`,
    }),
  );
  const labels = directLabels(tracks, frames);
  const heads = tracks.map((track) =>
    wrapWords(track.quantity.label, Math.floor((form.width + form.gap - 8) / (form.font * 0.6))),
  );
  const units = tracks.map((track) =>
    wrapWords(track.quantity.unit, Math.floor((form.width + form.gap - 8) / (form.font * 0.52))),
  );
  const rows = Array.from({ length: Math.ceil(tracks.length / perRow) }, (_, row) => {
    const own = (lines: string[][]) => Math.max(...lines.slice(row * perRow, (row + 1) * perRow).map((l) => l.length));
    return { head: own(heads), unit: own(units) };
  });
  const lead = form.font * LEADING;
  const tallest = Math.max(...rows.map(({ head, unit }) => (head + unit) * lead + 6));
  return {
    ...chartBase,
    usermeta: {
      left: GUTTER,
      top: tallest,
      width: inRow * form.width + (inRow - 1) * form.gap + MARGIN,
      height: rows.length * form.height + (rows.length - 1) * (tallest + FOOT) + FOOT,
      along: "down",
      plot: form.height,
      pitch: form.height + tallest + FOOT,
      place,
      log: false,
    } satisfies Frame,
    params: [{ name: "reading", value: null }],
    columns: perRow,
    spacing: { row: tallest + FOOT, column: form.gap },
    bounds: "flush",
    concat: tracks.map((track, i) => ({
      width: form.width,
      height: form.height,
      layer: [
        ...head(heads[i]!, units[i]!, rows[Math.floor(i / perRow)]!.unit, form.font),
        ...axes(frames[i]!, domainOf(track), i % perRow === 0),
        ...panelLayers(track, frames[i]!, labels[i]),
      ],
    })),
  } as unknown as TopLevelSpec;
}

/** The quantity's name over its unit; in a row whose other units take more lines, both start higher. */
function head(name: string[], unit: string[], unitLines: number, font: number): Record<string, unknown>[] {
  const lead = font * LEADING;
  const words = { type: "text", x: 0, align: "left", baseline: "alphabetic", lineHeight: lead } as const;
  const top = -9 - lead * (unitLines - 1);
  return [
    {
      data: { values: [{}] },
      mark: { ...words, y: top - lead * name.length, text: name, fontSize: font + 0.5, fontWeight: 600, fill: INK.ink },
      encoding: {},
    },
    {
      data: { values: [{}] },
      mark: { ...words, y: top, text: unit, fontSize: font - 0.5, fill: INK.soft },
      encoding: {},
    },
  ];
}

/** Depths from 0 to the deepest; blocks alone run from 0 to the last block. */
export function depthRange(tracks: readonly Track[]): [number, number] {
  const places = tracks.flatMap((track) =>
    track.lines.flatMap((line) => line.points.map((p) => p.x + shiftOf(track, tracks))),
  );
  return [Math.min(0, ...places), Math.max(1, Math.ceil(Math.max(...places)))];
}

const shiftOf = (track: Track, tracks: readonly Track[]) =>
  track.quantity.x === "block" && tracks.some((other) => other.quantity.x === "depth") ? 0.5 : 0;

/** Hairlines at round depths, figures at the left of a row's first track, the ends of the quantity at its foot. */
function axes(frame: PanelFrame, domain: [number, number], first: boolean): Record<string, unknown>[] {
  const depth = frame.place[1];
  const step = depth <= 8 ? 1 : depth <= 16 ? 2 : depth <= 40 ? 5 : 10;
  const ticks = Array.from({ length: Math.floor(depth / step) + 1 }, (_, k) => ({ p: k * step, l: String(k * step) }));
  const y = { field: "p", type: "quantitative", scale: placeScale(frame), axis: null };
  const words = { type: "text", fontSize: frame.font, fill: INK.soft } as const;
  const foot = { ...words, y: frame.height + 15, baseline: "alphabetic" } as const;
  const one = { values: [{}] };
  const [low, high] = axisTexts(domain);
  return [
    {
      data: { values: ticks },
      mark: { type: "rule", stroke: INK.hairline, strokeWidth: 1, x: 0, x2: frame.width },
      encoding: { y },
    },
    ...(first
      ? [
          {
            data: { values: ticks },
            mark: { ...words, x: -9, align: "right", baseline: "middle" },
            encoding: { y, text: { field: "l" } },
          },
        ]
      : []),
    { data: one, mark: { type: "rect", fill: INK.control, x: -0.7, x2: 0.7, y: 0, y2: frame.height }, encoding: {} },
    ...nought(domain, frame),
    { data: one, mark: { ...foot, x: 0, align: "left", text: low }, encoding: {} },
    { data: one, mark: { ...foot, x: frame.width, align: "right", text: high }, encoding: {} },
  ];
}

/** A rule where a quantity that has both signs is nought, and its figure where there is room between the ends'. */
function nought([low, high]: [number, number], frame: PanelFrame): Record<string, unknown>[] {
  if (low >= 0 || high <= 0) return [];
  const x = (-low / (high - low)) * frame.width;
  const one = { values: [{}] };
  const rule = { type: "rect", fill: INK.control, x: x - 0.35, x2: x + 0.35, y: 0, y2: frame.height };
  const text = { type: "text", fontSize: frame.font, fill: INK.soft, x, y: frame.height + 15, text: "0" };
  return [
    { data: one, mark: rule, encoding: {} },
    ...(Math.min(x, frame.width - x) > 3.6 * frame.font
      ? [{ data: one, mark: { ...text, align: "center", baseline: "alphabetic" }, encoding: {} }]
      : []),
  ];
}

/** What every chart has in common. Vega's own ARIA is off: the words of a chart stand on its `svg` element. */
export const chartBase = {
  $schema: "https://vega.github.io/schema/vega-lite/v6.json",
  background: "transparent",
  padding: 0,
  config: { aria: false, font: INK.sans, view: { stroke: null } },
} as const;
