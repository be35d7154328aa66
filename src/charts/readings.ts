import { significant, written } from "../facts/numbers.ts";
import type { Track } from "./chart-data.ts";

/** All that a figure says at one place of its axis. */
export interface Reading {
  at: number;
  /** The place, then a line for each track. */
  words: string;
}

/**
 * The reading at each place of a figure: every track and every series at once. On a log these are whole depths; a block's
 * figure is read at the depth that the block leads to.
 */
export function readingsOf(tracks: readonly Track[], kind: "log" | "curve"): Reading[] {
  const mixed = tracks.some((track) => track.quantity.x === "depth");
  const shift = (track: Track) => (kind === "log" && mixed && track.quantity.x === "block" ? 1 : 0);
  const places = new Set(
    tracks.flatMap((track) => track.lines.flatMap((line) => line.points.map((p) => p.x + shift(track)))),
  );
  const axis = mixed ? "depth" : (tracks[0]?.quantity.x ?? "");
  return [...places]
    .sort((a, b) => a - b)
    .map((at) => ({
      at,
      words: [`${capital(axis)} ${significant(at, 6)}`, ...tracks.map((track) => said(track, at - shift(track)))]
        .filter(Boolean)
        .join("\n"),
    }));
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

function said(track: Track, x: number): string {
  const values = [...track.lines].reverse().flatMap((line) => {
    const point = line.points.find((p) => p.x === x);
    if (!point || point.value === null) return [];
    const name = line.series.role === "measurement" ? "" : `${line.series.label} `;
    return [`${name}${figureText(point.value, point.lo, point.hi)}`];
  });
  if (values.length === 0) return "";
  return `${track.quantity.label}: ${values.join("; ")}${track.quantity.unit ? ` ${track.quantity.unit}` : ""}`;
}

/** `0.42 [0.38, 0.47]`, or the value alone where there is no interval. */
export const figureText = (value: number | null, lo: number | null, hi: number | null): string =>
  value === null
    ? "—"
    : lo !== null && hi !== null && hi > lo
      ? written({ value, lo, hi, unit: "" }).text
      : significant(value);
