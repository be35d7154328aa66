import type { CurvePoint } from "../../pipeline/artifacts/tables.ts";
import type { Line, Track } from "./chart-data.ts";
import { INK } from "./ink.ts";
import { type LabelRequest, type PlacedLabel, type Point, placeLabel, plotOf, wrapWords } from "./labels.ts";
import { domainOf, type PanelFrame, reading } from "./panel.ts";

/** A label in the colour and weight of what it names. */
export interface DirectLabel extends PlacedLabel {
  colour: string;
  weight: number;
}

/** A label that would cover more than this is left to the legend. */
const TOO_MUCH = 36;
/** What a later track must be clearer by, so that names stand early in a figure. */
const LATER = 2;
/** As much of the greatest distance from the control is as good a place for the measurement's figure. */
const ABOUT_AS_FAR = 0.85;

/**
 * The labels of each track of a figure. The measurement's figure stands in every track, where it is about as far from its
 * control as anywhere and hides the least; each other series is named once, in the track where its name stands clearest, or not
 * at all where it would hide a line.
 */
export function directLabels(tracks: readonly Track[], frames: readonly PanelFrame[]): DirectLabel[][] {
  const panels = tracks.map((track, i) => panelOf(track, frames[i]!));
  const labels = panels.map(({ track, frame, plot, at }): DirectLabel[] => {
    const placings = marks(track).map((point) => {
      const { series } = track.lines.find(({ points }) => points.includes(point))!.series;
      return placeLabel({ id: series, text: [[reading(point)]], anchors: beside(at(point), frame) }, plot);
    });
    const [first, ...others] = placings;
    if (!first) return [];
    const { label, box } = others.reduce((best, placing) => (placing.cost < best.cost ? placing : best), first);
    plot.taken.push(box);
    return [{ ...label, colour: INK.accent, weight: 600 }];
  });
  const named = new Map<string, Line>();
  for (const line of tracks.flatMap((track) => track.lines))
    if (line.series.role !== "measurement" && !named.has(line.series.series)) named.set(line.series.series, line);
  for (const { series } of named.values()) {
    const placings = panels.flatMap((panel, i) => {
      const line = panel.track.lines.find((each) => each.series.series === series.series);
      const request = line && requestOf(line, panel);
      return request ? [{ i, ...placeLabel(request, panel.plot) }] : [];
    });
    const best = placings.reduce<(typeof placings)[number] | undefined>(
      (a, b) => (a && a.cost + LATER * a.i <= b.cost + LATER * b.i ? a : b),
      undefined,
    );
    if (!best || best.cost > TOO_MUCH) continue;
    panels[best.i]!.plot.taken.push(best.box);
    labels[best.i]!.push({ ...best.label, colour: series.role === "control" ? INK.soft : INK.accent, weight: 400 });
  }
  return labels;
}

/** A track with the pixels of its points. */
function panelOf(track: Track, frame: PanelFrame) {
  const domain = domainOf(track);
  const at = (p: CurvePoint): Point => {
    const [from, to] = frame.place;
    const x = p.x + frame.shift;
    const along = frame.log ? Math.log(x / from) / Math.log(to / from) : (x - from) / (to - from);
    const share = ((p.value ?? 0) - domain[0]) / (domain[1] - domain[0]);
    return frame.along === "down"
      ? { x: share * frame.width, y: along * frame.height }
      : { x: along * frame.width, y: (1 - share) * frame.height };
  };
  return {
    track,
    frame,
    at,
    plot: plotOf(
      track.lines.map((line) => drawn(line).map(at)),
      frame,
    ),
  };
}

const drawn = (line: Line) => line.points.filter((p) => p.value !== null);

/** Beside a line that goes down; above or below one that goes across. */
const beside = (p: Point, frame: PanelFrame): Point[] =>
  frame.along === "down" ? [p] : [-1, 1].map((side) => ({ x: p.x, y: p.y + side * frame.font }));

function requestOf(line: Line, { frame, at }: ReturnType<typeof panelOf>): LabelRequest | undefined {
  const anchors = drawn(line).flatMap((p) => beside(at(p), frame));
  if (anchors.length === 0) return undefined;
  const characters = frame.width / (frame.font * 0.56);
  const text = [0.8, 0.5, 0.3].map((share) => wrapWords(line.series.label, Math.floor(characters * share)));
  return { id: line.series.series, text, anchors };
}

/** Where the measurement stands about as far from its first control as anywhere, farthest first, ends left out. */
function marks({ lines }: Track): CurvePoint[] {
  const measured = lines.find((line) => line.series.role === "measurement");
  const control = lines.find((line) => line.series.role === "control");
  if (!measured || !control) return [];
  const points = drawn(measured);
  const other = new Map(control.points.map((p) => [p.x, p.value]));
  const distance = (p: CurvePoint) => Math.abs((p.value ?? 0) - (other.get(p.x) ?? p.value ?? 0));
  const inner = points
    .slice(Math.ceil(points.length * 0.08), Math.floor(points.length * 0.94))
    .sort((a, b) => distance(b) - distance(a));
  return inner.filter((p) => distance(p) >= ABOUT_AS_FAR * distance(inner[0]!));
}
