import { expect, it } from "vitest";
import type { Track } from "../../src/charts/chart-data.ts";
import { facingLog } from "../../src/charts/facing-log.ts";

/** A curve that falls from `top` to 0 over so many blocks, with its control. */
const track = (blocks: number, top: number, x: "depth" | "block" = "depth"): Track => ({
  quantity: { quantity: "kl", label: "KL", unit: "nats", x, about: "" },
  lines: (["control", "measurement"] as const).map((role) => ({
    series: { series: role, label: role, role, about: "" },
    points: Array.from({ length: x === "depth" ? blocks + 1 : blocks }, (_, i) => {
      const value = role === "control" ? top : top * (1 - i / blocks);
      return {
        quantity: "kl",
        series: role,
        x: i,
        value,
        lo: role === "control" ? null : value - 0.5,
        hi: role === "control" ? null : value + 0.5,
      };
    }),
  })),
});
const points = (path: string) =>
  path
    .slice(1)
    .split("L")
    .map((pair) => pair.split(" ").map(Number) as [number, number]);
const curve = (log: ReturnType<typeof facingLog>, side: "a" | "b") =>
  points(log.lines.find((line) => line.side === side && line.role === "measurement")!.path);

it("puts depths of equal share at one height, however many blocks there are", () => {
  const log = facingLog(track(12, 4), track(6, 4), [12, 6]);
  const [a, b] = [curve(log, "a"), curve(log, "b")];
  expect([a[0]![1], a[6]![1], a[12]![1]]).toEqual([0, log.height / 2, log.height]);
  expect([b[0]![1], b[3]![1], b[6]![1]]).toEqual([0, log.height / 2, log.height]);
});

it("grows away from the axis on both sides, on one scale", () => {
  const log = facingLog(track(4, 8), track(4, 4), [4, 4]);
  const [a, b] = [curve(log, "a"), curve(log, "b")];
  expect(a[0]![0]).toBeLessThan(a[4]![0]);
  expect(b[0]![0]).toBeGreaterThan(b[4]![0]);
  // Half the value is half as far out; the bands hang half a nat over on either side.
  expect((log.axis - a[2]![0]) / (b[0]![0] - log.axis)).toBeCloseTo(1, 1);
  // An interval is drawn of whatever has one, a control too.
  expect(log.lines.filter(({ band }) => band !== "").map(({ role }) => role)).toEqual(["measurement", "measurement"]);
  const sure = track(4, 8);
  for (const point of sure.lines[0]!.points) [point.lo, point.hi] = [7, 9];
  expect(facingLog(sure, sure, [4, 4]).lines.filter(({ band }) => band !== "")).toHaveLength(4);
  expect(log.lines.map(({ role }) => role)).toEqual(["control", "control", "measurement", "measurement"]);
});

it("stands a block between the depths that it joins, and never runs off the floor", () => {
  const blocks = curve(facingLog(track(4, 8, "block"), track(4, 8, "block"), [4, 4]), "a");
  expect(blocks.map(([, y]) => y)).toEqual([30, 90, 150, 210]);
  const beyond = facingLog(track(6, 8), track(6, 8), [3, 6]);
  expect(curve(beyond, "a").at(-1)![1]).toBe(beyond.height);
});
