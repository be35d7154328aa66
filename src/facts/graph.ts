import type { CitationCheck } from "../../pipeline/artifacts/content/claim.ts";
import type { Line } from "../../pipeline/artifacts/content/line.ts";
import type { Note } from "../../pipeline/artifacts/content/note.ts";
import type { Source } from "../../pipeline/artifacts/content/source.ts";
import { addressOf } from "./addresses.ts";
import type { Facts } from "./facts.ts";
import { namesOf } from "./words.ts";

export type NodeKind = "line" | "note" | "experiment" | "source";

/** A page of the graph. */
export interface GraphNode {
  /** Its address, which is its name here too. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly title: string;
  /** A few words for where there is little room. */
  readonly short: string;
}

/** What leads from one page to another; its kind decides how it is drawn, its word what it says. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly word: string;
}

export type EdgeKind = "cites" | "next" | "relates" | "draws" | "measures";

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** What each kind of edge means, as a legend says it. */
export const edgeWords: Record<EdgeKind, string> = {
  cites: "a line cites a note",
  next: "a line leads to another",
  relates: "a note stands to another",
  draws: "a note draws on a source",
  measures: "an experiment decides a note’s claims",
};

const stepWords: Record<Line["next"][number]["step"], string> = {
  deepens: "deepened by",
  contrasts: "contrasted by",
  tests: "tested by",
};

/** From the strongest support to none: an edge to a source says the best that its citations found there. */
const CHECKS: readonly CitationCheck[] = ["states", "weaker", "other-object", "absent"];
const carries: Record<CitationCheck, string> = {
  states: "which states it",
  weaker: "which states less",
  "other-object": "which speaks of another object",
  absent: "which does not say it",
};

const known = new WeakMap<Facts, Graph>();

/** Lines, notes, experiments and sources with every typed link between them, drawn up once. */
export function graphOf(facts: Facts): Graph {
  if (!known.has(facts)) known.set(facts, drawUp(facts));
  return known.get(facts)!;
}

function drawUp(facts: Facts): Graph {
  const nodes: GraphNode[] = [
    ...facts.vault.lines.map(({ id, data }) => node(addressOf.line(id), "line", data.title)),
    ...facts.vault.notes.map(({ id, data }) => node(addressOf.note(id), "note", data.title)),
    ...facts.vault.experiments.map(({ id, data }) => node(addressOf.experiment(id), "experiment", data.title)),
    ...facts.vault.sources.map(({ id, data }) => ({
      ...node(addressOf.source(id), "source", `${data.title} (${namesOf(data.authors)} ${data.year})`),
      short: `${shortAuthor(data)} ${data.year}`,
    })),
  ];
  const edges: GraphEdge[] = [];
  for (const { line, notes } of facts.lines.values()) {
    const from = addressOf.line(line.id);
    for (const { note } of notes) edges.push({ from, to: addressOf.note(note.id), kind: "cites", word: "cites" });
    for (const { to, step } of line.data.next)
      edges.push({ from, to: addressOf.line(to), kind: "next", word: stepWords[step] });
  }
  for (const { note, sources, experiments } of facts.notes.values()) {
    const from = addressOf.note(note.id);
    for (const { note: to, relation } of note.data.related)
      edges.push({ from, to: addressOf.note(to), kind: "relates", word: relation satisfies Relation });
    for (const id of experiments)
      edges.push({ from, to: addressOf.experiment(id), kind: "measures", word: "measured by" });
    for (const { source, checks } of sources) {
      const best = CHECKS.find((each) => checks.some(({ check }) => check === each));
      const word = best ? `draws on, ${carries[best]}` : "mentions";
      edges.push({ from, to: addressOf.source(source.id), kind: "draws", word });
    }
  }
  const there = new Set(nodes.map(({ id }) => id));
  return { nodes, edges: edges.filter(({ from, to }) => there.has(from) && there.has(to)) };
}

/** The first author's family name; of a work whose author is not known, the first words of its title. */
const shortAuthor = ({ authors: [first = ""], title }: Source): string =>
  first.startsWith("(") ? title.split(" ").slice(0, 2).join(" ") : first.split(" ").at(-1)!;

type Relation = Note["related"][number]["relation"];

const node = (id: string, kind: NodeKind, title: string): GraphNode => ({ id, kind, title, short: title });

/** A neighbour of a page, with the word that stands on the edge to it. */
export interface Neighbour {
  readonly node: GraphNode;
  readonly edge: GraphEdge;
}

/** What leads to a page, and where it leads, in the order of the graph. */
export function aroundOf(graph: Graph, id: string): { to: Neighbour[]; from: Neighbour[] } {
  const nodes = nodesById(graph);
  const of = (edges: readonly GraphEdge[], end: "from" | "to") =>
    edges.map((edge) => ({ node: nodes.get(edge[end])!, edge }));
  const { to = [], from = [] } = edgesById(graph).get(id) ?? {};
  return { to: of(to, "from"), from: of(from, "to") };
}

const byId = new WeakMap<Graph, ReadonlyMap<string, GraphNode>>();
function nodesById(graph: Graph): ReadonlyMap<string, GraphNode> {
  if (!byId.has(graph)) byId.set(graph, new Map(graph.nodes.map((each) => [each.id, each])));
  return byId.get(graph)!;
}

interface Ends {
  to: GraphEdge[];
  from: GraphEdge[];
}
const endsOf = new WeakMap<Graph, ReadonlyMap<string, Ends>>();
function edgesById(graph: Graph): ReadonlyMap<string, Ends> {
  const found = endsOf.get(graph);
  if (found) return found;
  const ends = new Map<string, Ends>(graph.nodes.map(({ id }) => [id, { to: [], from: [] }]));
  for (const edge of graph.edges) {
    ends.get(edge.from)!.from.push(edge);
    ends.get(edge.to)!.to.push(edge);
  }
  endsOf.set(graph, ends);
  return ends;
}
