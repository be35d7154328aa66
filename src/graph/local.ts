import type { Graph, GraphEdge, GraphNode, Neighbour } from "../facts/graph.ts";
import { aroundOf } from "../facts/graph.ts";

/** One neighbour as it is drawn. */
export interface Row {
  readonly node: GraphNode;
  readonly edge: GraphEdge;
  readonly y: number;
  /** Words before the title: what the link says, seen from the page. */
  readonly word: string;
  /** The title, cut to the room there is. */
  readonly label: string;
  /** The curve between the neighbour and the page. */
  readonly path: string;
}

/** A page between what leads to it and where it leads. */
export interface LocalGraph {
  readonly width: number;
  readonly height: number;
  readonly centre: { readonly x: number; readonly y: number };
  readonly sides: readonly Side[];
  /** Neighbours that there was no room for. */
  readonly more: number;
}

/** Neighbours whose marks stand under each other. */
export interface Side {
  readonly rows: readonly Row[];
  /** Of the marks; the words stand beyond them, seen from the page. */
  readonly x: number;
  readonly textX: number;
  readonly anchor: "start" | "end";
}

const WIDE = 990;
const NARROW = 350;
/** A finger hits a row of this height (WCAG 2.5.8). */
const ROW = 24;
const MOST = 18;
/** From the page to its neighbours' marks, and from a mark to its words. */
const SPREAD = 96;
const GAP = 12;
/** Mean width of a letter at 13 px, so that titles end before the edge. */
const LETTER = 7;

/**
 * Where everything stands round one page: what leads to it left of it and where it leads right of it; on a phone above it and
 * below it. Undefined where nothing leads to it or from it.
 */
export function localGraph(graph: Graph, id: string, narrow: boolean): LocalGraph | undefined {
  const { to, from } = aroundOf(graph, id);
  if (to.length + from.length === 0) return undefined;
  const [incoming, outgoing] = [to.slice(0, MOST), from.slice(0, MOST)];
  const more = to.length + from.length - incoming.length - outgoing.length;
  return narrow ? below(id, incoming, outgoing, more) : beside(id, incoming, outgoing, more);
}

function beside(id: string, to: readonly Neighbour[], from: readonly Neighbour[], more: number): LocalGraph {
  const x = from.length === 0 ? WIDE - 20 : to.length === 0 ? 20 : WIDE / 2;
  const height = Math.max(to.length, from.length) * ROW + 8;
  const centre = { x, y: height / 2 };
  const side = (all: readonly Neighbour[], at: number, anchor: "start" | "end"): Side => {
    const textX = at + (anchor === "end" ? -GAP : GAP);
    const top = (height - all.length * ROW + ROW) / 2;
    const room = anchor === "end" ? textX : WIDE - textX;
    return { x: at, textX, anchor, rows: all.map((each, i) => rowOf(each, id, at, top + i * ROW, room, centre)) };
  };
  return {
    width: WIDE,
    height,
    centre,
    more,
    sides: [side(to, x - SPREAD, "end"), side(from, x + SPREAD, "start")],
  };
}

function below(id: string, to: readonly Neighbour[], from: readonly Neighbour[], more: number): LocalGraph {
  const x = 44;
  const centre = { x: 10, y: to.length * ROW + ROW / 2 };
  const side = (all: readonly Neighbour[], top: number): Side => ({
    x,
    textX: x + GAP,
    anchor: "start",
    rows: all.map((each, i) => rowOf(each, id, x, top + i * ROW + ROW / 2, NARROW - x - GAP, centre)),
  });
  const height = (to.length + from.length + 1) * ROW;
  return { width: NARROW, height, centre, more, sides: [side(to, 0), side(from, (to.length + 1) * ROW)] };
}

function rowOf(
  { node, edge }: Neighbour,
  id: string,
  x: number,
  y: number,
  room: number,
  centre: { x: number; y: number },
): Row {
  const word = wordOf(edge, edge.to === id);
  return { node, edge, y, word, label: cut(node, room / LETTER - word.length - 1), path: curve(x, y, centre) };
}

/** An edge's word beside the neighbour: as it is where the page points, turned round where it is pointed at. */
const turned: Record<string, string> = {
  cites: "cited by",
  supports: "supported by",
  qualifies: "qualified by",
  contradicts: "contradicted by",
  replicates: "replicated by",
  "deepened by": "deepens",
  "contrasted by": "contrasts",
  "tested by": "tests",
  "measured by": "decides",
  mentions: "mentioned by",
};

function wordOf({ word, kind }: GraphEdge, incoming: boolean): string {
  const short = kind === "draws" ? word.split(",")[0]! : word;
  return incoming ? (turned[short] ?? "drawn on by") : short;
}

/** A title in so many letters, whole where it fits. */
function cut({ title }: GraphNode, letters: number): string {
  const room = Math.max(12, Math.floor(letters));
  return title.length <= room ? title : `${title.slice(0, room - 1).trimEnd()}…`;
}

function curve(x: number, y: number, to: { x: number; y: number }): string {
  const middle = (x + to.x) / 2;
  return `M${x} ${y}C${middle} ${y} ${middle} ${to.y} ${to.x} ${to.y}`;
}
