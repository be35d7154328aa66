import { expect, it } from "vitest";
import { graphEstimates, graphIds, graphTables } from "../../../pipeline/experiments/graph/graph-estimates.ts";
import type { Measured } from "../../../pipeline/experiments/graph/measure-graph.ts";
import { random } from "../../../pipeline/statistics/random.ts";

/** Sixteen prompts; planted, a graph holds six tenths and its edges do what they say. */
function found(planted: boolean, seed = 1): Measured[] {
  const { normal, uniform } = random(seed);
  const about = (value: number) => (planted ? value : 0.2) + 0.05 * normal();
  const node = { block: 1, position: 2, unit: 3, change: 2, effect: 1, direct: 0.5 };
  return Array.from({ length: 16 }, () => {
    const graph = (value: number) => ({
      nodes: [node, { ...node, block: 2 }],
      edges: [{ from: 0, to: 1, weight: 1 }],
      embedded: new Float64Array(2),
      completeness: about(value),
    });
    return {
      task: "made",
      prompt: {
        group: 0,
        clean: [1, 2, 3],
        corrupted: [1, 4, 3],
        candidates: [5, 6] as const,
        cue: [1],
        before: [],
        after: [],
        own: [5],
        foreign: [6],
      },
      graph: graph(0.6),
      drawn: graph(0.2),
      necessary: about(0.6),
      necessaryDrawn: about(0),
      sufficient: about(0.5),
      sufficientDrawn: about(0),
      proofs: [0, 1].map(() => {
        const predicted = uniform();
        const measured = planted ? predicted + 0.05 * normal() : uniform();
        return { from: 0, to: 1, weight: 1, predicted, measured, drawn: planted ? 0.02 * normal() : uniform() };
      }),
    };
  });
}
const byId = (of: Measured[]) => new Map(graphEstimates(of, 1).map((each) => [each.id, each]));

it("finds graphs that hold, and edges that do what they say", () => {
  const estimates = byId(found(true));
  expect([...estimates.keys()].sort()).toEqual(graphIds().sort());
  expect(estimates.get("necessary")!.value).toBeCloseTo(0.6, 1);
  expect(estimates.get("edge-agreement")!.lo).toBeGreaterThan(0.9);
  for (const id of ["completeness", "necessary", "sufficient", "edge-effect"])
    expect(estimates.get(`${id}-beyond-drawn`)!.lo, id).toBeGreaterThan(0);
});

it("finds nothing where graphs are no better than units drawn, at about the stated rate", () => {
  let [missed, tests] = [0, 0];
  for (let seed = 1; seed <= 40; seed++)
    for (const [id, { lo, hi }] of byId(found(false, seed)))
      if (id.includes("beyond") || id === "edge-agreement") {
        tests++;
        missed += Number(lo > 0 || hi < 0);
      }
  expect(missed / tests).toBeLessThan(0.12);
});

it("keeps nodes, edges and what trying an edge came to", () => {
  const { nodes, edges, graphs } = graphTables(found(true), (id) => ` t${id}`);
  expect(graphs!.rows).toHaveLength(16);
  expect(graphs!.rows[0]!.slice(1, 5)).toEqual(["made", " t1 t2 t3", " t5", " t6"]);
  expect(nodes!.rows).toHaveLength(32);
  expect(edges!.rows[0]!.slice(0, 4)).toEqual([0, 0, 1, 0.5]);
  expect(edges!.rows[0]![4]).not.toBeNull();
});
