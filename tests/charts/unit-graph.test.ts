import { expect, it } from "vitest";
import { graphTables } from "../../pipeline/experiments/graph/graph-estimates.ts";
import type { Measured } from "../../pipeline/experiments/graph/measure-graph.ts";
import { unitGraphOf } from "../../src/charts/unit-graph.ts";

const node = (block: number, position: number, unit: number, effect: number) => ({
  block,
  position,
  unit,
  effect,
  direct: 0,
  change: 2,
});
const graph = {
  nodes: [node(0, 1, 5, 2), node(0, 1, 9, -1), node(4, 2, 7, 0.5)],
  edges: [
    { from: 0, to: 2, weight: 1 },
    { from: 1, to: 2, weight: -0.01 },
  ],
  embedded: new Float64Array(3),
  completeness: 0.4,
};
const measured: Measured = {
  task: "made",
  prompt: {
    group: 0,
    clean: [1, 2, 3],
    corrupted: [1, 4, 3],
    candidates: [5, 6],
    cue: [1],
    before: [],
    after: [],
    own: [5],
    foreign: [6],
  },
  graph,
  drawn: graph,
  necessary: 0.5,
  necessaryDrawn: 0,
  sufficient: 0.3,
  sufficientDrawn: 0,
  proofs: [{ from: 0, to: 2, weight: 1, predicted: 0.5, measured: 0.45, drawn: 0 }],
};
const tables = graphTables([measured], (id) => ` word${id}`);

it("a graph is laid out with tokens across, blocks down, and units of one place side by side", () => {
  const drawn = unitGraphOf({ tables }, "made")!;
  expect(drawn.columns.map(({ token }) => token)).toEqual([" word2", " word3"]);
  expect(drawn.blocks.map(({ block }) => block)).toEqual([0, 4]);
  const [first, second, third] = drawn.nodes as [
    (typeof drawn.nodes)[0],
    (typeof drawn.nodes)[0],
    (typeof drawn.nodes)[0],
  ];
  expect(first.y).toBe(second.y);
  expect(second.x - first.x).toBeGreaterThanOrEqual(14);
  expect(third.y).toBeGreaterThan(first.y);
  for (const { x, y, size } of drawn.nodes) {
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThan(drawn.width);
    expect(y).toBeLessThan(drawn.height);
    expect(size).toBeLessThanOrEqual(1);
  }
});

it("edges that bring next to nothing are left out, and those that were tried say what came of it", () => {
  const { edges } = unitGraphOf({ tables }, "made")!;
  expect(edges.map(({ from, to, share, measured: went }) => [from.unit, to.unit, share, went])).toEqual([
    [5, 7, 0.5, 0.45],
  ]);
});

it("a task without a graph has none, nor has a result without tables", () => {
  expect(unitGraphOf({ tables }, "other")).toBeUndefined();
  expect(unitGraphOf({ tables: {} }, "made")).toBeUndefined();
});
