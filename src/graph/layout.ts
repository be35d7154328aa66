import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationNodeDatum,
} from "d3-force";
import type { Graph, GraphNode, NodeKind } from "../facts/graph.ts";
import { cacheRoot } from "../facts/place.ts";
import { UnderWay } from "../facts/under-way.ts";
import { writeWhole } from "../facts/whole-file.ts";

/** Places in a drawing of `width` × `height`, in the order of the graph's nodes. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly places: readonly (readonly [x: number, y: number])[];
}

export const GRAPH_CACHE = join(cacheRoot, "graphs");

/** Depth goes down here too: questions at the surface, what they rest on at the floor. */
const DEPTH: Record<NodeKind, number> = { line: 0, note: 0.42, experiment: 0.8, source: 1 };
const MARGIN = 60;
/** Bump when the forces or the rows below change. */
const VERSION = 2;
/** The most pages that have labels, and so stand in rows. */
export const LABELLED = 120;
/** For each kind, how many labels stand in a row, and how far the next row is. */
const ROWS: Record<NodeKind, { readonly across: number; readonly apart: number }> = {
  line: { across: 6, apart: 52 },
  note: { across: 7, apart: 52 },
  experiment: { across: 7, apart: 38 },
  source: { across: 10, apart: 34 },
};
const KINDS = ["line", "note", "experiment", "source"] as const;
/** Up to here the forces come to rest; a larger graph gets as many steps as the same time allows. */
const RESTING = 600;

/**
 * Places for every node of a graph by forces (d3-force, which draws no random numbers of its own: the same graph has the same
 * layout). Kept in `cache` by what goes in.
 */
export async function layoutOf(graph: Graph, cache: string = GRAPH_CACHE): Promise<Layout> {
  const parts = [VERSION, graph.nodes.map(({ id, kind }) => [id, kind]), graph.edges.map(({ from, to }) => [from, to])];
  const key = createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
  const file = join(cache, `${key}.json`);
  return underWay.at(file, async () => {
    try {
      return JSON.parse(await readFile(file, "utf8"));
    } catch {
      // Not there, or cut short by a killed build: laid out again either way.
    }
    const layout = layOut(graph);
    await writeWhole(file, JSON.stringify(layout));
    return layout;
  });
}

const underWay = new UnderWay<Layout>();

interface Body extends SimulationNodeDatum, Pick<GraphNode, "id" | "kind"> {}

/** The same, always computed. */
export function layOut(graph: Graph): Layout {
  const count = graph.nodes.length;
  const scale = Math.max(1, Math.sqrt(count / 80));
  const [width, height] = [Math.round(990 * scale), Math.round(620 * scale)];
  const own = (kind: NodeKind) => graph.nodes.filter((each) => each.kind === kind);
  const bodies: Body[] = KINDS.flatMap((kind) =>
    own(kind).map(({ id }, i, all) => ({
      id,
      kind,
      x: ((i + 0.5) / all.length) * width,
      y: MARGIN + DEPTH[kind] * (height - 2 * MARGIN) + ((i % 5) - 2) * 6,
    })),
  );
  const simulation = forceSimulation(bodies)
    .force("depth", forceY<Body>(({ kind }) => MARGIN + DEPTH[kind] * (height - 2 * MARGIN)).strength(0.28))
    .force("centre", forceX<Body>(width / 2).strength(0.035))
    .force("apart", forceManyBody<Body>().strength(-110).distanceMax(260))
    .force(
      "room",
      forceCollide<Body>(({ kind }) => (kind === "line" || kind === "note" ? 34 : 22)),
    )
    .force(
      "links",
      forceLink<Body, { source: string; target: string }>(
        graph.edges.map(({ from, to }) => ({ source: from, target: to })),
      )
        .id(({ id }) => id)
        .distance(70)
        .strength(0.06),
    )
    .stop();
  const ticks = count <= RESTING ? 300 : Math.max(24, Math.round((300 * RESTING) / count));
  simulation.alphaDecay(1 - 0.001 ** (1 / ticks));
  for (let i = 0; i < ticks; i++) simulation.tick();
  const at = new Map(bodies.map((body) => [body.id, body]));
  const inside = (value: number, most: number) => Math.round(Math.min(most - 30, Math.max(30, value)) * 10) / 10;
  if (count <= LABELLED) return inRows(graph, (id) => at.get(id)!.x ?? 0);
  return {
    width,
    height,
    places: graph.nodes.map(({ id }) => {
      const { x = 0, y = 0 } = at.get(id)!;
      return [inside(x, width), inside(y, height)] as const;
    }),
  };
}

/** Each kind in rows with room for labels, in the order in which the forces left them. */
function inRows({ nodes }: Graph, xOf: (id: string) => number): Layout {
  const width = 990;
  const places = new Map<string, readonly [number, number]>();
  let top = 40;
  for (const kind of KINDS) {
    const own = nodes.filter((each) => each.kind === kind).sort((a, b) => xOf(a.id) - xOf(b.id));
    if (own.length === 0) continue;
    const { across, apart } = ROWS[kind];
    const rows = Math.ceil(own.length / across);
    const columns = Math.ceil(own.length / rows);
    const slot = width / columns;
    for (const [i, { id }] of own.entries()) {
      const row = i % rows;
      // Each row stands a little further along than the one above: neighbours in x stay neighbours.
      const x = (Math.floor(i / rows) + (row + 0.5) / rows / 2 + 0.25) * slot;
      places.set(id, [Math.round(x * 10) / 10, top + row * apart]);
    }
    top += (rows - 1) * apart + 96;
  }
  return { width, height: top - 56, places: nodes.map(({ id }) => places.get(id)!) };
}
