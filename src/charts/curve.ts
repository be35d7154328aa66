import type { TopLevelSpec } from "vega-lite";
import type { Track } from "./chart-data.ts";
import { directLabels } from "./direct-labels.ts";
import type { Frame } from "./frame.ts";
import { INK } from "./ink.ts";
import { wrapWords } from "./labels.ts";
import { domainOf, isCloud, type PanelFrame, panelLayers, placeScale, stylesOf } from "./panel.ts";
import { axisTexts, ticks } from "./scales.ts";
import { chartBase } from "./sounding-log.ts";

export const CURVE_SIZES = {
  wide: { width: 486, height: 250, gap: 40, font: 11 },
  narrow: { width: 300, height: 210, gap: 40, font: 11 },
} as const;

export type CurveSize = keyof typeof CURVE_SIZES;

const GUTTER = 46;
const MARGIN = 22;
/** Room above a plot: its name over its unit, clear of the uppermost figure of the axis. */
const HEAD = 44;
const FOOT = 42;

export interface CurveOptions {
  /** Powers of ten along the axis; every x must be above 0. */
  log?: boolean;
}

/** Curves that are not over depth, left to right, in the log's hand: one plot for each quantity, one below the other. */
export function curve(tracks: readonly Track[], size: CurveSize = "wide", options: CurveOptions = {}): TopLevelSpec {
  const form = CURVE_SIZES[size];
  const styles = stylesOf(tracks);
  const place = reach(tracks);
  for (const { quantity } of tracks)
    if (options.log && place[0] <= 0)
      throw new Error(`"${quantity.quantity}" has ${quantity.x} = ${place[0]}: it cannot stand on a logarithmic axis.`);
  const frames = tracks.map(
    (_, i): PanelFrame => ({
      along: "across",
      width: form.width,
      height: form.height,
      font: form.font,
      place,
      log: options.log,
      shift: 0,
      styles,
      id: `plot-${i}`,
    }),
  );
  // Among points there is no room for words on a phone: their forms are in the legend.
  const labels = size === "narrow" && tracks.every(isCloud) ? [] : directLabels(tracks, frames);
  return {
    ...chartBase,
    params: [{ name: "reading", value: null }],
    usermeta: {
      left: GUTTER,
      top: HEAD,
      width: form.width + MARGIN,
      height: tracks.length * form.height + (tracks.length - 1) * (HEAD + FOOT) + FOOT,
      along: "across",
      plot: form.width,
      pitch: 0,
      place,
      log: options.log ?? false,
    } satisfies Frame,
    columns: 1,
    spacing: HEAD + FOOT,
    bounds: "flush",
    concat: tracks.map((track, i) => ({
      width: form.width,
      height: form.height,
      layer: [...axes(track, frames[i]!), ...panelLayers(track, frames[i]!, labels[i])],
    })),
  } as unknown as TopLevelSpec;
}

/** The same horizontal axis for every plot of a figure. */
const reach = (tracks: readonly Track[]): [number, number] => {
  const xs = tracks.flatMap((track) => track.lines.flatMap((line) => line.points.map((p) => p.x)));
  return [Math.min(...xs), Math.max(...xs)];
};

/** Hairlines at round values with their figures, round places along the foot, the names of both axes. */
function axes(track: Track, frame: PanelFrame): Record<string, unknown>[] {
  const domain = domainOf(track);
  const rows = ticks(...domain);
  const stops = ticksAlong(frame);
  const values = axisTexts(rows).map((l, i) => ({ v: rows[i], l }));
  const places = axisTexts(stops).map((l, i) => ({ p: stops[i], l }));
  const x = { field: "p", type: "quantitative", scale: placeScale(frame), axis: null };
  const y = { field: "v", type: "quantitative", scale: { domain, nice: false, zero: false }, axis: null };
  const words = { type: "text", fontSize: frame.font, fill: INK.soft } as const;
  const one = { values: [{}] };
  const { width, height, font } = frame;
  return [
    {
      data: { values },
      mark: { type: "rule", stroke: INK.hairline, strokeWidth: 1, x: 0, x2: width },
      encoding: { y },
    },
    {
      data: { values },
      mark: { ...words, x: -9, align: "right", baseline: "middle" },
      encoding: { y, text: { field: "l" } },
    },
    {
      data: { values: places },
      mark: { ...words, y: height + 15, align: "center", baseline: "alphabetic" },
      encoding: { x, text: { field: "l" } },
    },
    {
      data: one,
      mark: { type: "rect", fill: INK.control, x: 0, x2: width, y: height - 0.7, y2: height + 0.7 },
      encoding: {},
    },
    {
      data: one,
      mark: { ...words, x: width, y: height + 31, align: "right", text: wrapWords(track.quantity.x, 60) },
      encoding: {},
    },
    {
      data: one,
      mark: {
        type: "text",
        x: -GUTTER + 2,
        y: track.quantity.unit ? -28 : -16,
        align: "left",
        fontSize: font + 0.5,
        fontWeight: 600,
        fill: INK.ink,
        text: track.quantity.label,
      },
      encoding: {},
    },
    {
      data: one,
      mark: { ...words, x: -GUTTER + 2, y: -15, align: "left", fontSize: font - 0.5, text: track.quantity.unit },
      encoding: {},
    },
  ];
}

/** About five round places, and the ends where they stand apart from those; powers of ten on a logarithmic axis. */
function ticksAlong(frame: PanelFrame): number[] {
  const [low, high] = frame.place;
  if (frame.log) {
    const from = Math.ceil(Math.log10(low) - 1e-9);
    const powers = Array.from(
      { length: Math.max(0, Math.floor(Math.log10(high) + 1e-9) - from + 1) },
      (_, k) => 10 ** (from + k),
    );
    return powers.length > 1 ? powers : [low, high];
  }
  const round = ticks(low, high);
  const apart = (end: number) => round.every((p) => Math.abs(p - end) > 0.09 * (high - low));
  // An end is shown as it is: one that is not short would be rounded, and stand for a place that it is not.
  const told = [low, high].filter((end) => apart(end) && Number(end.toPrecision(3)) === end);
  return [...round, ...told].sort((a, b) => a - b);
}
