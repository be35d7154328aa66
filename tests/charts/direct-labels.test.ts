import { expect, it } from "vitest";
import type { Track } from "../../src/charts/chart-data.ts";
import { directLabels } from "../../src/charts/direct-labels.ts";
import type { PanelFrame } from "../../src/charts/panel.ts";
import { axisTexts } from "../../src/charts/scales.ts";

const frame: PanelFrame = {
  along: "down",
  width: 150,
  height: 300,
  font: 11,
  place: [0, 30],
  shift: 0,
  styles: [],
  id: "plot",
};

/** Lines that go straight down, each at its value. */
const track = (lines: Record<string, number>): Track => ({
  quantity: { quantity: "q", label: "q", unit: "", x: "depth", about: "" },
  lines: Object.entries(lines).map(([series, value]) => ({
    series: { series, label: series, role: series === "model" ? "measurement" : "control", about: "" },
    points: Array.from({ length: 31 }, (_, x) => ({ quantity: "q", series, x, value, lo: null, hi: null })),
  })),
});
const names = (labels: readonly { id: string }[]) => labels.map(({ id }) => id);

it("names a line where there is room: in the second track when the first is full", () => {
  const full = track({ a: 0.1, b: 0.2, c: 0.3, d: 0.4, e: 0.5, f: 0.6, g: 0.7, "random weights": 0.8, model: 1 });
  const free = track({ "random weights": 0.3, model: 1 });
  const [first, second] = directLabels([full, free], [frame, frame]);
  expect(names(second!)).toContain("random weights");
  expect(names(first!)).not.toContain("random weights");
  expect(names(first!)[0]).toBe("model");
});

it("writes the measurement's figure where it hides no line, at a depth where its control is about as far", () => {
  const crossed = track({ random: 0, model: 1 });
  // The control is farthest at depth 5; there lines stand at both sides of the measurement.
  const at = (series: string, value: (x: number) => number) => ({
    ...track({ [series]: 0 }).lines[0]!,
    points: Array.from({ length: 31 }, (_, x) => ({ quantity: "q", series, x, value: value(x), lo: null, hi: null })),
  });
  const near = (x: number) => Math.abs(x - 5) < 4;
  const lines = [
    at("random", (x) => (x === 5 ? -0.05 : 0)),
    crossed.lines[1]!,
    at("left", (x) => (near(x) ? 0.9 : 0)),
    at("right", (x) => (near(x) ? 1.1 : 2)),
  ];
  const [labels] = directLabels([{ ...crossed, lines }], [frame]);
  const figure = labels!.find(({ id }) => id === "model")!;
  expect(figure.y / 10).toBeGreaterThanOrEqual(9);
});

it("leaves a name to the legend rather than write it over a line", () => {
  const crowded = track(Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`a long control name ${i}`, i / 14])));
  expect(directLabels([crowded], [frame])[0]).toEqual([]);
});

it("writes the figures of one axis alike", () => {
  expect(axisTexts([0.2, 0.25, 0.3])).toEqual(["0.20", "0.25", "0.30"]);
  expect(axisTexts([0, 0.5, 1])).toEqual(["0", "0.5", "1.0"]);
  expect(axisTexts([-200, 0, 1200])).toEqual(["\u2212200", "0", "1,200"]);
  expect(axisTexts([1e-5, 1])).toEqual(["10⁻⁵", "1"]);
});
