import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PairPrompts } from "../../../pipeline/artifacts/content/prompts/pairs.ts";
import { readContent } from "../../../pipeline/artifacts/content-files.ts";
import { exchange } from "../../../pipeline/experiments/graph/intervene.ts";
import { measureGraph, strongest } from "../../../pipeline/experiments/graph/measure-graph.ts";
import { drawnLike, unitGraph } from "../../../pipeline/experiments/graph/unit-graph.ts";
import { type Case, casesOf } from "../../../pipeline/experiments/heads/cases.ts";
import { type OpenedLanguageModel, openLanguageModelAt } from "../../../pipeline/runtime/open-model.ts";
import { pearson } from "../../../pipeline/statistics/rank.ts";

const { tasks } = readContent(process.cwd(), ["prompts"]).prompts.find(({ id }) => id === "pairs")!.data as PairPrompts;
const signal = new AbortController().signal;
let opened: OpenedLanguageModel;
let one: Case;
beforeAll(async () => {
  opened = await openLanguageModelAt("public/models/soundings-2m");
  [one] = casesOf(tasks[0]!, "held-out", opened.tokenizer) as [Case];
});
afterAll(() => opened.release());

describe("the graph of one prompt", () => {
  it("has nodes whose effect is about what patching each alone does", async () => {
    const { nodes } = await unitGraph(opened.model, one, { count: 24, seed: 1 }, signal);
    expect(nodes).toHaveLength(24);
    const [clean, , ...found] = await exchange(
      opened.model,
      one,
      nodes.map((node) => ({ prompt: "clean", units: [node] })),
      signal,
    );
    // A unit with a large change is out of reach of a first-order effect: most are not.
    const misses = nodes.map(({ effect }, i) => Math.abs((clean!.margin - found[i]!.margin - effect) / effect));
    expect(misses.toSorted((a, b) => a - b)[12]).toBeLessThan(0.1);
    const sizes = nodes.map(({ effect }) => Math.abs(effect));
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  });

  it("has edges from earlier blocks and positions only, which patching the source bears out", async () => {
    const graph = await unitGraph(opened.model, one, { count: 24, seed: 1 }, signal);
    const { nodes, edges } = graph;
    for (const { from, to } of edges) {
      expect(nodes[from]!.block).toBeLessThan(nodes[to]!.block);
      expect(nodes[from]!.position).toBeLessThanOrEqual(nodes[to]!.position);
    }
    // Between neighbouring blocks no MLP lies between: what is direct is all there is.
    const near = strongest(
      { nodes, edges: edges.filter(({ from, to }) => nodes[to]!.block === nodes[from]!.block + 1) },
      6,
    );
    const [clean, , ...found] = await exchange(
      opened.model,
      one,
      near.map(({ from }) => ({ prompt: "clean", units: [nodes[from]!] })),
      signal,
    );
    const measured = near.map(({ to }, i) => clean!.at(nodes[to]!) - found[i]!.at(nodes[to]!));
    expect(
      pearson(
        measured,
        near.map(({ weight }) => weight),
      ),
    ).toBeGreaterThan(0.9);
  });

  it("holds more of what reaches the answer than units drawn at the same places, and does more", async () => {
    const found = await measureGraph(opened.model, "agreement", one, { count: 24, edges: 2, seed: 1 }, signal);
    for (const { completeness } of [found.graph, found.drawn]) {
      expect(completeness).toBeGreaterThan(0);
      expect(completeness).toBeLessThanOrEqual(1);
    }
    expect(found.graph.completeness).toBeGreaterThan(found.drawn.completeness);
    expect(found.necessary).toBeGreaterThan(found.necessaryDrawn);
    expect(found.proofs).toHaveLength(2);
  });

  it("exchanged for nothing is the prompt itself; with every unit of the other prompt it is no longer", async () => {
    const { nLayers, dMlp } = opened.model.config;
    const all = Array.from({ length: nLayers * one.clean.length * dMlp }, (_, i) => ({
      block: Math.floor(i / (one.clean.length * dMlp)),
      position: Math.floor(i / dMlp) % one.clean.length,
      unit: i % dMlp,
    }));
    const [clean, corrupted, none, every] = await exchange(
      opened.model,
      one,
      [
        { prompt: "clean", units: [] },
        { prompt: "clean", units: all },
      ],
      signal,
    );
    expect(none!.margin).toBeCloseTo(clean!.margin, 4);
    expect(Math.abs(every!.margin - clean!.margin)).toBeGreaterThan(0.1);
    const place = { block: 3, position: one.cue[0]!, unit: 7 };
    expect(every!.at(place)).toBeCloseTo(corrupted!.at(place), 4);
  });
});

it("units drawn are at the same blocks and positions, others, none twice", () => {
  const like = Array.from({ length: 30 }, (_, unit) => ({ block: unit % 2, position: 3, unit }));
  const drawn = drawnLike(like, 64, 1);
  expect(drawn.map(({ block, position }) => [block, position])).toEqual(
    like.map(({ block, position }) => [block, position]),
  );
  const all = [...like, ...drawn].map(({ block, position, unit }) => `${block} ${position} ${unit}`);
  expect(new Set(all).size).toBe(60);
});
