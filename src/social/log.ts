import type { Line, Track } from "../charts/chart-data.ts";
import { COLOURS } from "./colours.ts";
import { type Drawn, svg } from "./element.ts";

const WIDTH = 300;
const HEIGHT = 400;
const RULES = 6;

/** One quantity over depth, depth going down: the band and curve of the model, controls in grey. Satori draws no text in an SVG. */
export function cardLog({ lines }: Track): Drawn {
  const points = lines.flatMap((line) => line.points);
  const numbers = points.flatMap(({ value, lo, hi }) => [value, lo, hi].filter((each) => each !== null));
  const range = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)];
  const [x0, x1] = range(numbers);
  const [y0, y1] = range(points.map(({ x }) => x));
  const across = (value: number) => round(((value - x0) / (x1 - x0 || 1)) * WIDTH);
  const down = (depth: number) => round(((depth - y0) / (y1 - y0 || 1)) * HEIGHT);
  const measured = ({ points }: Line) => points.filter(({ value }) => value !== null);
  const curve = (line: Line) =>
    `M${measured(line)
      .map(({ x, value }) => `${across(value!)} ${down(x)}`)
      .join("L")}`;
  const band = (line: Line) => {
    const own = line.points.filter(({ lo, hi }) => lo !== null && hi !== null);
    const there = own.map(({ x, lo }) => `${across(lo!)} ${down(x)}`);
    const back = own.toReversed().map(({ x, hi }) => `${across(hi!)} ${down(x)}`);
    return `M${[...there, ...back].join("L")}Z`;
  };
  const of = (role: Line["series"]["role"]) =>
    lines.filter((line) => line.series.role === role && measured(line).length > 1);
  const [first] = of("measurement");
  return svg(
    "svg",
    { width: WIDTH, height: HEIGHT, viewBox: `-2 -2 ${WIDTH + 4} ${HEIGHT + 4}` },
    ...Array.from({ length: RULES }, (_, i) => {
      const y = round((i / (RULES - 1)) * HEIGHT);
      return svg("path", { d: `M0 ${y}H${WIDTH}`, stroke: COLOURS.hairline, "stroke-width": 1.5 });
    }),
    svg("path", { d: `M0 0V${HEIGHT}`, stroke: COLOURS.control, "stroke-width": 3 }),
    ...of("control").map((line) =>
      svg("path", { d: curve(line), fill: "none", stroke: COLOURS.control, "stroke-width": 2.5 }),
    ),
    ...(first
      ? [
          svg("path", { d: band(first), fill: COLOURS.accent, "fill-opacity": 0.14 }),
          svg("path", { d: curve(first), fill: "none", stroke: COLOURS.accent, "stroke-width": 5 }),
        ]
      : []),
  );
}

const round = (value: number) => Math.round(value * 10) / 10;
