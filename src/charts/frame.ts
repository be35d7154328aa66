/**
 * The measures of a drawn chart in its own pixels, kept in the specification's `usermeta`: the page crops the drawing by them
 * and the interactive form finds the place under the pointer.
 */
export interface Frame {
  /** Room left of and above the first plot. */
  left: number;
  top: number;
  /** From the first plot's corner to the right and lower edge of the drawing. */
  width: number;
  height: number;
  along: "down" | "across";
  /** Length of the axis of measurement, and the distance from one row of plots to the next (0 when there is one). */
  plot: number;
  pitch: number;
  /** Ends of the axis of measurement. */
  place: [number, number];
  log: boolean;
}

/** The place under a point of the drawing, given in its own pixels from the upper left corner; clamped to the axis. */
export function placeAt(frame: Frame, x: number, y: number): number {
  const along = frame.along === "down" ? y - frame.top : x - frame.left;
  const own = frame.pitch > 0 ? ((along + frame.top) % frame.pitch) - frame.top : along;
  const share = Math.min(1, Math.max(0, own / frame.plot));
  const [from, to] = frame.place;
  return frame.log ? from * (to / from) ** share : from + share * (to - from);
}

/** The stop nearest to a place. Throws when there are no stops. */
export function nearest(stops: readonly number[], place: number): number {
  if (stops.length === 0) throw new Error("This chart has no place to read at.");
  return stops.reduce((best, stop, i) => (Math.abs(stop - place) < Math.abs(stops[best]! - place) ? i : best), 0);
}
