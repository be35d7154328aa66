import type { TopLevelSpec } from "vega-lite";
import { isDeep, type Track } from "./chart-data.ts";
import type { Frame } from "./frame.ts";
import { INK } from "./ink.ts";
import { type PanelFrame, panelLayers, placeScale, stylesOf } from "./panel.ts";
import { chartBase, depthRange } from "./sounding-log.ts";

const WIDTH = 56;
const HEIGHT = 54;

/** The smallest log: one quantity without a word on it, for a ledger's row. Depth goes down, controls are grey. */
export function miniLog(track: Track): TopLevelSpec {
  const down = isDeep(track.quantity);
  const xs = track.lines.flatMap((line) => line.points.map((p) => p.x));
  const frame: PanelFrame = {
    along: down ? "down" : "across",
    width: WIDTH,
    height: HEIGHT,
    font: 9,
    place: down ? depthRange([track]) : [Math.min(...xs), Math.max(...xs)],
    shift: 0,
    styles: stylesOf([track]).map((style) => ({ ...style, weight: style.weight * 0.85 })),
    id: "plot",
    quiet: true,
  };
  const [from, to] = frame.place;
  const lines = Array.from({ length: 5 }, (_, k) => ({ p: from + ((to - from) * k) / 4 }));
  const across = { field: "p", type: "quantitative", scale: placeScale(frame), axis: null };
  return {
    ...chartBase,
    params: [{ name: "reading", value: null }],
    usermeta: {
      left: 1,
      top: 1,
      width: WIDTH + 1,
      height: HEIGHT + 1,
      along: frame.along,
      plot: down ? HEIGHT : WIDTH,
      pitch: 0,
      place: frame.place,
      log: false,
    } satisfies Frame,
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...(down
        ? [
            {
              data: { values: lines },
              mark: { type: "rule", stroke: INK.hairline, strokeWidth: 0.8, x: 0, x2: WIDTH },
              encoding: { y: across },
            },
          ]
        : []),
      {
        data: { values: [{}] },
        mark: { type: "rect", fill: INK.control, x: -0.5, x2: 0.5, y: 0, y2: HEIGHT },
        encoding: {},
      },
      ...panelLayers(track, frame),
    ],
  } as unknown as TopLevelSpec;
}
