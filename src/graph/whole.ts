import type { EdgeKind, Graph, GraphNode } from "../facts/graph.ts";
import { LABELLED, type Layout } from "./layout.ts";

/** The most pages whose graph stands in the HTML itself; a larger one is drawn on a canvas. */
export const DRAWN_WHOLE = 400;
const LETTERS = 22;

export interface WholeGraph {
  readonly nodes: readonly {
    readonly node: GraphNode;
    readonly x: number;
    readonly y: number;
    /** Lines of its label. */
    readonly label: readonly string[];
  }[];
  /** Ends are places in `nodes`. */
  readonly edges: readonly {
    readonly kind: EdgeKind;
    readonly path: string;
    readonly a: number;
    readonly b: number;
  }[];
}

/** A graph with its layout, as the page draws it. */
export function wholeGraph(graph: Graph, { places }: Layout): WholeGraph {
  const index = new Map(graph.nodes.map(({ id }, i) => [id, i]));
  const labelled = graph.nodes.length <= LABELLED;
  return {
    nodes: graph.nodes.map((node, i) => {
      const [x, y] = places[i]!;
      return { node, x, y, label: labelled ? labelOf(node) : [] };
    }),
    edges: graph.edges.map(({ from, to, kind }) => {
      const [a, b] = [index.get(from)!, index.get(to)!];
      const [[x1, y1], [x2, y2]] = [places[a]!, places[b]!];
      return { kind, path: pathOf(x1, y1, x2, y2), a, b };
    }),
  };
}

/** Straight, or an arc above a row that both ends stand in: along the row it would lie on others. */
function pathOf(x1: number, y1: number, x2: number, y2: number): string {
  if (y1 !== y2) return `M${x1} ${y1}L${x2} ${y2}`;
  const rise = Math.min(34, 8 + Math.abs(x2 - x1) / 16);
  return `M${x1} ${y1}Q${Math.round((x1 + x2) / 2)} ${Math.round(y1 - 2 * rise)} ${x2} ${y2}`;
}

/** Lines and notes in two rows of a few words; what they rest on in one. */
function labelOf({ kind, short }: GraphNode): string[] {
  const rows: string[] = [""];
  const most = kind === "line" || kind === "note" ? 2 : 1;
  for (const word of short.split(" ")) {
    const last = rows.at(-1)!;
    if (last === "" || last.length + word.length < LETTERS) rows[rows.length - 1] = `${last} ${word}`.trim();
    else if (rows.length < most) rows.push(word);
    else {
      rows[rows.length - 1] = `${last}…`;
      break;
    }
  }
  return rows;
}
