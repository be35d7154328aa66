import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addressOf } from "../../src/facts/addresses.ts";
import { aroundOf, graphOf } from "../../src/facts/graph.ts";
import { readFacts } from "../../src/facts/site.ts";
import { graphFile } from "../../src/graph/file.ts";
import { layOut, layoutOf } from "../../src/graph/layout.ts";
import { localGraph } from "../../src/graph/local.ts";
import { wholeGraph } from "../../src/graph/whole.ts";

const facts = readFacts("tests/fixtures/vault");
const graph = graphOf(facts);
const falls = addressOf.note("does-the-invented-quantity-fall");

describe("the graph of the invented vault", () => {
  it("has each typed link that the pages say in words", () => {
    const { to, from } = aroundOf(graph, falls);
    expect(from.map(({ node, edge }) => [edge.kind, edge.word, node.id])).toEqual([
      ["relates", "supports", addressOf.note("do-sublayers-write-gently")],
      ["measures", "measured by", addressOf.experiment("invented-lens")],
      ["draws", "draws on, which states it", addressOf.source("invented-2020-paper")],
      ["draws", "draws on, which states less", addressOf.source("invented-2023-post")],
      ["draws", "draws on, which speaks of another object", addressOf.source("invented-2024-preprint")],
    ]);
    expect(to.map(({ edge }) => edge.word)).toContain("cites");
  });

  it("leads nowhere that is no page", () => {
    const ids = new Set(graph.nodes.map(({ id }) => id));
    for (const { from, to } of graph.edges) expect(ids.has(from) && ids.has(to)).toBe(true);
  });

  it("round one page turns the words of what leads to it, and cuts titles to the room there is", () => {
    const around = localGraph(graph, addressOf.note("do-sublayers-write-gently"), false)!;
    expect(around.sides[0]!.rows.map(({ word }) => word)).toContain("supported by");
    const narrow = localGraph(graph, addressOf.note("do-sublayers-write-gently"), true)!;
    for (const { width, sides } of [around, narrow])
      for (const { rows, textX, anchor } of sides)
        for (const { label, word } of rows)
          expect((label.length + word.length + 1) * 7).toBeLessThanOrEqual(anchor === "end" ? textX : width - textX);
    expect(localGraph(graph, "/notes/no-such-page/", false)).toBeUndefined();
  });

  it("is laid out the same each time, inside its drawing, questions above what they rest on", async () => {
    const cache = mkdtempSync(join(tmpdir(), "graphs-"));
    try {
      // The page and its file are made side by side, and both want it.
      const [layout, other] = await Promise.all([layoutOf(graph, cache), layoutOf(graph, cache)]);
      expect(other).toBe(layout);
      expect(await layoutOf(graph, cache)).toEqual(layout);
      expect(readdirSync(cache)).toHaveLength(1);
      expect(layOut(graph)).toEqual(layout);
      for (const [x, y] of layout.places) {
        expect(x).toBeGreaterThan(0);
        expect(x).toBeLessThan(layout.width);
        expect(y).toBeGreaterThan(0);
        expect(y).toBeLessThan(layout.height);
      }
      const mean = (kind: string) => {
        const own = layout.places.filter((_, i) => graph.nodes[i]!.kind === kind).map(([, y]) => y);
        return own.reduce((a, b) => a + b, 0) / own.length;
      };
      const taken = new Set(layout.places.map((place) => place.join()));
      expect(taken.size, "no two in one place").toBe(graph.nodes.length);
      expect(mean("line")).toBeLessThan(mean("note"));
      expect(mean("note")).toBeLessThan(mean("source"));
      expect(graphFile(graph, layout).edges).toHaveLength(graph.edges.length);
      expect(wholeGraph(graph, layout).edges).toHaveLength(graph.edges.length);
    } finally {
      rmSync(cache, { recursive: true, force: true });
    }
  });
});
