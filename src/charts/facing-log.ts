import type { Line, Track } from "./chart-data.ts";
import { domainOf } from "./panel.ts";
import { short } from "./scales.ts";

/** One quantity of two models, back to back over one axis of depth: depth as a share, since they need not be equally deep. */
export interface FacingLog {
  readonly width: number;
  readonly height: number;
  /** Where the depth axis stands; the first model's values grow to the left of it, the second's to the right. */
  readonly axis: number;
  readonly ticks: readonly { y: number; text: string }[];
  readonly lines: readonly { role: Line["series"]["role"]; side: "a" | "b"; path: string; band: string }[];
  readonly ends: readonly { x: number; text: string; anchor: "start" | "middle" | "end" }[];
}

const SIDE = 128;
const GAP = 36;
const HEIGHT = 240;

/** Shapes in pixels, depth 0 at the top, both sides on one scale. `blocks` are the two models' numbers of blocks. */
export function facingLog(a: Track, b: Track, blocks: readonly [number, number]): FacingLog {
  const domains = [domainOf(a), domainOf(b)];
  const [low, high] = [Math.min(...domains.map(([from]) => from)), Math.max(...domains.map(([, to]) => to))];
  const share = (value: number) => (value - low) / (high - low || 1);
  const axis = SIDE + GAP / 2;
  const place = (side: "a" | "b", value: number) =>
    tenth(side === "a" ? SIDE - share(value) * SIDE : SIDE + GAP + share(value) * SIDE);
  const drawn = (side: "a" | "b", track: Track, n: number) => {
    // A block stands between the depths that it joins.
    const shift = track.quantity.x === "block" ? 0.5 : 0;
    const deepest = Math.max(n, ...track.lines.flatMap(({ points }) => points.map((p) => p.x + shift)));
    const depth = (x: number) => tenth(((x + shift) / deepest) * HEIGHT);
    return track.lines.map(({ series, points }) => {
      const known = points.filter((p) => p.value !== null);
      const banded = known.filter((p) => p.lo !== null && p.hi !== null && p.hi > p.lo);
      const run = (of: typeof known, value: (p: (typeof known)[number]) => number) =>
        of.map((p) => `${place(side, value(p))} ${depth(p.x)}`);
      const edge = [...run(banded, (p) => p.lo!), ...run(banded, (p) => p.hi!).reverse()];
      return {
        role: series.role,
        side,
        path: known.length > 0 ? `M${run(known, (p) => p.value!).join("L")}` : "",
        band: banded.length > 1 ? `M${edge.join("L")}Z` : "",
      };
    });
  };
  const order = { control: 0, part: 1, measurement: 2 };
  return {
    width: 2 * SIDE + GAP,
    height: HEIGHT,
    axis,
    ticks: [0, 25, 50, 75, 100].map((percent) => ({ y: (percent / 100) * HEIGHT, text: String(percent) })),
    lines: [...drawn("a", a, blocks[0]), ...drawn("b", b, blocks[1])].sort((x, y) => order[x.role] - order[y.role]),
    ends: [
      { x: 0, text: short(high), anchor: "start" },
      { x: SIDE, text: short(low), anchor: "end" },
      { x: SIDE + GAP, text: short(low), anchor: "start" },
      { x: 2 * SIDE + GAP, text: short(high), anchor: "end" },
    ],
  };
}

const tenth = (x: number) => Math.round(x * 10) / 10;
