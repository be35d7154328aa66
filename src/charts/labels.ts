/** Where the direct labels of lines stand: beside their own line, clear of the others. Everything here is in pixels of one plot. */

export interface Point {
  x: number;
  y: number;
}

export interface LabelRequest {
  id: string;
  /** The ways it may be broken into lines, best first. */
  text: string[][];
  /** Only these points of the line may carry the label. */
  anchors: Point[];
}

export interface PlacedLabel {
  id: string;
  text: string[];
  /** The corner that the text is aligned to, at the vertical middle of the block. */
  x: number;
  y: number;
  align: "left" | "right";
}

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const GAP = 6;

/** What a label must keep clear of: lines, sampled finely, and earlier labels. Everything placed is added to `taken`. */
export interface Plot {
  ink: Point[];
  taken: Box[];
  width: number;
  height: number;
  font: number;
}

/** A plot whose polylines are drawn and that has no label yet. */
export const plotOf = (lines: readonly Point[][], size: { width: number; height: number; font: number }): Plot => ({
  ...size,
  ink: lines.flatMap(dense),
  taken: [],
});

/** A place for a label, and how much it covers there: 0 nothing, 3 for each three pixels of a line, 40 for another label. */
export interface Placing {
  cost: number;
  label: PlacedLabel;
  box: Box;
}

/**
 * The anchor and side where the label's box covers the least of any line or earlier label and stays in the plot. Text is measured
 * by an average glyph of 0.56 em. Throws when there is no anchor.
 */
export function placeLabel(request: LabelRequest, plot: Plot): Placing {
  let best: Placing | undefined;
  for (const { text, anchor, align, nth } of candidates(request)) {
    const width = Math.max(...text.map((line) => line.length)) * plot.font * 0.56;
    const height = text.length * plot.font * 1.2;
    const x = align === "left" ? anchor.x + GAP : anchor.x - GAP;
    const left = align === "left" ? x : x - width;
    const box = { left, right: left + width, top: anchor.y - height / 2, bottom: anchor.y + height / 2 };
    const cost =
      outside(box, plot) * 50 +
      plot.ink.filter((p) => within(p, box)).length * 3 +
      overlaps(box, plot.taken) * 40 +
      nth * 2;
    if (!best || cost < best.cost) best = { cost, box, label: { id: request.id, text, x, y: anchor.y, align } };
  }
  if (!best) throw new Error(`The label of "${request.id}" has no point to stand at.`);
  return best;
}

const candidates = (request: LabelRequest) =>
  request.text.flatMap((text, nth) =>
    request.anchors.flatMap((anchor) => (["left", "right"] as const).map((align) => ({ text, nth, anchor, align }))),
  );

/** A polyline sampled every three pixels or so. */
function dense(line: readonly Point[]): Point[] {
  return line.flatMap((p, i) => {
    const q = line[i + 1];
    if (!q) return [p];
    const steps = Math.max(1, Math.round(Math.hypot(q.x - p.x, q.y - p.y) / 3));
    return Array.from({ length: steps }, (_, k) => ({
      x: p.x + ((q.x - p.x) * k) / steps,
      y: p.y + ((q.y - p.y) * k) / steps,
    }));
  });
}

const within = (p: Point, box: Box) =>
  p.x > box.left - 2 && p.x < box.right + 2 && p.y > box.top - 1 && p.y < box.bottom + 1;

const outside = (box: Box, size: { width: number; height: number }) =>
  Math.max(0, 2 - box.left) +
  Math.max(0, box.right - size.width - 8) +
  Math.max(0, 2 - box.top) +
  Math.max(0, box.bottom - size.height + 4);

const overlaps = (box: Box, others: readonly Box[]) =>
  others.filter((o) => box.left < o.right && box.right > o.left && box.top < o.bottom && box.bottom > o.top).length;

/** Text broken into lines of at most `width` characters, between words. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.length > 0 ? lines : [""];
}
