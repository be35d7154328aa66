import type { CurvePoint } from "../../pipeline/artifacts/tables.ts";
import { decimalsOf, fixed, significant } from "../facts/numbers.ts";
import type { Line, Track } from "./chart-data.ts";
import type { DirectLabel } from "./direct-labels.ts";
import { CONTROL_DASHES, INK, PART_DASHES } from "./ink.ts";
import { niceDomain } from "./scales.ts";

/**
 * One plot in the house's hand: interval bands, lines, direct labels, and the reading at one place, which shows
 * when the parameter `reading` is a number. Logs lie on their side: their quantity runs across, their depth down.
 */
export interface PanelFrame {
  /** Names the plot's data within the figure. */
  id: string;
  /** `down`: the axis of measurement points down and the quantity runs across. `across`: an ordinary curve. */
  along: "down" | "across";
  width: number;
  height: number;
  font: number;
  /** Ends of the axis of measurement, and whether it is logarithmic. */
  place: [number, number];
  log?: boolean;
  /** Added to every x: half a step where blocks are drawn between depths. */
  shift: number;
  /** How the series of the whole figure are drawn. */
  styles: SeriesStyle[];
  /** No words, no reading: too small for either. */
  quiet?: boolean;
}

export interface SeriesStyle {
  series: string;
  colour: string;
  dash: readonly number[];
  weight: number;
  band: number;
  /** Of a series of points, where a line would show nothing, or what isn't there. */
  shape: Shape | null;
}

export type Shape = (typeof SHAPES)[number];
const SHAPES = [
  "diamond",
  "square",
  "triangle-up",
  "circle",
  "cross",
  "triangle-down",
  "triangle-right",
  "triangle-left",
] as const;

/** Colour, dash, weight and band opacity of each series of a figure; controls are always grey. */
export function stylesOf(tracks: readonly Track[]): SeriesStyle[] {
  const lines = tracks.flatMap((track) => track.lines);
  const all = new Map(lines.map((line) => [line.series.series, line.series]));
  const seen = { control: 0, part: 0, measurement: 0 };
  let points = 0;
  const areClouds = tracks.every(isCloud);
  return [...all.values()].map(({ series, role }) => {
    const alone = lines.every((line) => line.series.series !== series || valuesOf(line) === 1);
    return { ...lineStyle(series, role), shape: areClouds || alone ? SHAPES[points++ % SHAPES.length]! : null };
  });

  function lineStyle(series: string, role: Line["series"]["role"]): Omit<SeriesStyle, "shape"> {
    const nth = seen[role]++;
    if (role === "control")
      return {
        series,
        colour: INK.control,
        dash: CONTROL_DASHES[nth % CONTROL_DASHES.length]!,
        weight: 1.2,
        band: 0.16,
      };
    if (role === "part")
      return { series, colour: INK.accent, dash: PART_DASHES[nth % PART_DASHES.length]!, weight: 1.4, band: 0.09 };
    return { series, colour: INK.accent, dash: nth === 0 ? [1, 0] : [4, 2], weight: 1.9, band: 0.13 };
  }
}

/**
 * Whether both axes are measured: several series of several points, no two of which stand at one place. From one point to the
 * next nothing leads.
 */
export function isCloud({ lines }: Track): boolean {
  const places = lines.flatMap((line) => line.points.map(({ x }) => x));
  return lines.length > 1 && places.length > lines.length && new Set(places).size === places.length;
}

const valuesOf = (line: Line): number => line.points.filter(({ value }) => value !== null).length;

/** The domain of a track's quantity: everything drawn of it, intervals included. */
export const domainOf = (track: Track): [number, number] =>
  niceDomain(
    track.lines.flatMap((line) => line.points.flatMap((p) => [p.value, p.lo, p.hi])).filter((v) => v !== null),
  );

/** Rows as Vega reads them: series, place, value, ends, the reading in words, the side it stands on. */
const rowsFor = (line: Line, frame: PanelFrame, side: (p: CurvePoint) => "left" | "right") =>
  line.points.map((p) => ({
    s: line.series.series,
    p: p.x + frame.shift,
    v: p.value,
    lo: p.lo,
    hi: p.hi,
    t: reading(p),
    a: side(p),
  }));

/** Which way a reading is aligned: towards the middle of the plot, and away from its neighbour where two series are read at one place. */
const sideOf =
  (track: Track, middle: number) =>
  (p: CurvePoint): "left" | "right" => {
    const beside = track.lines
      .filter((line) => line.series.role !== "control" && line.series.series !== p.series)
      .flatMap((line) => line.points.filter((other) => other.x === p.x && other.value !== null));
    const value = p.value ?? 0;
    if (beside.length === 0) return value > middle ? "right" : "left";
    return beside.every((other) => value < other.value!) ? "right" : "left";
  };

/** A point's value, with no more digits than its interval carries. */
export const reading = (p: CurvePoint): string =>
  p.value === null
    ? ""
    : p.lo !== null && p.hi !== null && p.hi > p.lo
      ? fixed(p.value, decimalsOf(p.lo, p.hi))
      : significant(p.value);

/** The layers of a plot: what is drawn, the labels on it, what is read. */
export function panelLayers(
  track: Track,
  frame: PanelFrame,
  labels: readonly DirectLabel[] = [],
): Record<string, unknown>[] {
  const domain = domainOf(track);
  const rows = track.lines.flatMap((line) => rowsFor(line, frame, sideOf(track, (domain[0] + domain[1]) / 2)));
  const down = frame.along === "down";
  const [P, V, V2] = down ? (["y", "x", "x2"] as const) : (["x", "y", "y2"] as const);
  const place = { field: "p", type: "quantitative", axis: null } as const;
  const value = { type: "quantitative", axis: null } as const;
  const series = (range: (style: SeriesStyle) => unknown) => ({
    field: "s",
    type: "ordinal",
    legend: null,
    sort: null,
    // Said outright: for widths and opacities Vega-Lite would take a scale that one series alone makes nothing of.
    scale: { type: "ordinal", domain: frame.styles.map((style) => style.series), range: frame.styles.map(range) },
  });
  const read = { filter: "isNumber(reading) && datum.v !== null && datum.p <= reading && datum.p > reading - 1" };
  const nearest = down ? read : { filter: "isNumber(reading) && datum.v !== null && datum.p === reading" };
  const alone = frame.styles.filter(({ shape }) => shape !== null).map((style) => style.series);
  const points: Record<string, unknown>[] = [
    {
      transform: [{ filter: `indexof(${JSON.stringify(alone)}, datum.s) >= 0 && datum.v !== null` }],
      mark: { type: "point", filled: true, opacity: 1, stroke: INK.paper, strokeWidth: 1 },
      encoding: {
        // What is heavier as a line is larger as a point.
        size: { ...series((style) => Math.round(24 * style.weight ** 2)), type: "nominal" },
        [P]: place,
        [V]: { ...value, field: "v" },
        fill: series((style) => style.colour),
        shape: { ...series((style) => style.shape ?? "circle"), type: "nominal" },
      },
    },
  ];
  const layers: Record<string, unknown>[] = [
    {
      transform: [{ filter: "datum.lo !== null && datum.hi !== null && datum.hi > datum.lo" }],
      mark: { type: "area", orient: down ? "horizontal" : "vertical", strokeWidth: 0 },
      encoding: {
        [P]: place,
        [V]: { ...value, field: "lo" },
        [V2]: { field: "hi" },
        fill: series((style) => style.colour),
        fillOpacity: series((style) => style.band),
      },
    },
    {
      transform: [{ filter: `indexof(${JSON.stringify(alone)}, datum.s) < 0` }],
      mark: { type: "line", strokeJoin: "round", strokeCap: "butt", invalid: "break-paths-filter-domains" },
      encoding: {
        [P]: place,
        [V]: { ...value, field: "v" },
        order: { field: "p", type: "quantitative" },
        stroke: series((style) => style.colour),
        strokeDash: series((style) => style.dash),
        strokeWidth: series((style) => style.weight),
      },
    },
    {
      transform: [
        { calculate: "reading", as: "at" },
        { filter: "isNumber(reading)" },
        { aggregate: [{ op: "max", field: "at", as: "p" }] },
      ],
      mark: { type: "rule", stroke: INK.soft, strokeWidth: 0.8 },
      encoding: { [P]: place },
    },
    {
      transform: [nearest],
      mark: { type: "point", filled: true, size: 34, opacity: 1, stroke: INK.paper, strokeWidth: 1.4 },
      encoding: { [P]: place, [V]: { ...value, field: "v" }, fill: series((style) => style.colour) },
    },
    ...[true, false].map((halo) => ({
      transform: [nearest, { filter: `indexof(${JSON.stringify(accented(track))}, datum.s) >= 0` }],
      mark: {
        type: "text",
        fontSize: frame.font,
        fontWeight: 600,
        fill: halo ? INK.paper : INK.accent,
        ...(halo ? { stroke: INK.paper, strokeWidth: 4, strokeJoin: "round" } : {}),
        align: { expr: "datum.a" },
        dx: { expr: "datum.a === 'left' ? 7 : -7" },
        dy: down ? -8 : 0,
      },
      encoding: { [P]: place, [V]: { ...value, field: "v" }, text: { field: "t" } },
    })),
  ];
  const scales = {
    [P]: { type: "quantitative", scale: placeScale(frame), axis: null },
    [V]: { type: "quantitative", scale: { domain, nice: false, zero: false }, axis: null },
  };
  const drawn = {
    data: { name: frame.id, values: rows },
    layer: [...layers.slice(0, 2), ...(alone.length > 0 ? points : [])],
    encoding: scales,
  };
  if (frame.quiet) return [drawn];
  // The reading stands above the labels.
  return [
    drawn,
    ...labels.map((label) => labelLayer(label, frame)),
    { data: { name: frame.id }, layer: layers.slice(2), encoding: scales },
  ];
}

export const placeScale = (frame: PanelFrame) => ({
  domain: frame.place,
  nice: false,
  ...(frame.log ? { type: "log" } : { zero: false }),
  ...(frame.along === "down" ? { reverse: true } : {}),
});

const accented = (track: Track) =>
  track.lines.filter((line) => line.series.role !== "control").map((line) => line.series.series);

/** A label on a ground of its own, so that it can be read across a line. */
const labelLayer = (label: DirectLabel, frame: PanelFrame) => ({
  data: { values: [{}] },
  layer: [true, false].map((halo) => ({
    mark: {
      type: "text",
      text: label.text,
      x: label.x,
      y: label.y - ((label.text.length - 1) * frame.font * 1.2) / 2,
      align: label.align,
      baseline: "middle",
      fontSize: frame.font,
      lineHeight: frame.font * 1.2,
      fontWeight: label.weight,
      ...(halo ? { fill: INK.paper, stroke: INK.paper, strokeWidth: 3, strokeJoin: "round" } : { fill: label.colour }),
      // The value's label gives way to the reading.
      ...(label.weight === 600 ? { opacity: { expr: "isNumber(reading) ? 0 : 1" } } : {}),
    },
    encoding: {},
  })),
});
