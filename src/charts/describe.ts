import type { CurvePoint } from "../../pipeline/artifacts/tables.ts";
import { significant, written } from "../facts/numbers.ts";
import type { Line, Track } from "./chart-data.ts";
import type { Words } from "./render.ts";

/**
 * What a figure shows, in words, for those who don't see it: for each quantity its range and direction with the measurement's
 * two ends and turning point, then every control.
 */
export function describe(tracks: readonly Track[], model: string): Words {
  const names = tracks.map((track) => track.quantity.label);
  const axis = tracks[0]?.quantity.x ?? "depth";
  return {
    title: `${joined(names)} by ${axis}, ${model}`,
    description: tracks.map(describeTrack).join(" "),
  };
}

const joined = (names: readonly string[]) =>
  names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

function describeTrack(track: Track): string {
  const { label, unit, x } = track.quantity;
  const ordered = [...track.lines].reverse();
  const said = ordered.map((line) => {
    const name = line.series.role === "measurement" ? "the measurement" : line.series.label;
    const control = line.series.role === "control" ? " (control)" : "";
    return `${name}${control} ${courseOf(line, x)}`;
  });
  return `${label}${unit ? ` (${unit})` : ""}: ${said.join("; ")}.`;
}

type Filled = CurvePoint & { value: number };

/** The course of one line, in words: `falls from 10.8 at depth 0 to 2.1 at depth 30`. */
export function courseOf(line: Line, x: string): string {
  const points = line.points.filter((p): p is Filled => p.value !== null);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return "was not measured";
  if (points.length === 1) return `is ${said(first)} at ${x} ${first.x}`;
  const top = points.reduce((a, b) => (b.value > a.value ? b : a));
  const bottom = points.reduce((a, b) => (b.value < a.value ? b : a));
  const range = top.value - bottom.value;
  const wide = Math.max(...points.map((p) => (p.hi !== null && p.lo !== null ? p.hi - p.lo : 0)));
  if (range <= Math.max(wide, 0.03 * Math.max(Math.abs(top.value), Math.abs(bottom.value))))
    return `stays near ${significant((top.value + bottom.value) / 2)} from ${x} ${first.x} to ${last.x}`;
  const from = `from ${said(first)} at ${x} ${first.x}`;
  const to = `to ${said(last)} at ${x} ${last.x}`;
  const clear = 0.12 * range;
  if (top.value - Math.max(first.value, last.value) > clear && Math.min(first.value, last.value) - bottom.value > clear)
    return `moves between ${said(bottom)} (${x} ${bottom.x}) and ${said(top)} (${x} ${top.x}), ${from} ${to}`;
  if (top.value - Math.max(first.value, last.value) > clear)
    return `rises ${from} to ${said(top)} at ${x} ${top.x}, then falls ${to}`;
  if (Math.min(first.value, last.value) - bottom.value > clear)
    return `falls ${from} to ${said(bottom)} at ${x} ${bottom.x}, then rises ${to}`;
  return `${last.value > first.value ? "rises" : "falls"} ${from} ${to}`;
}

const said = ({ value, lo, hi }: Filled) =>
  lo !== null && hi !== null && hi > lo ? written({ value, lo, hi, unit: "" }).value : significant(value);
