import type { EdgeKind, Graph, NodeKind } from "../facts/graph.ts";
import type { Layout } from "./layout.ts";

/** `/graph/graph.json`: compact, since a large wiki has tens of thousands of links. */
export interface GraphFile {
  readonly width: number;
  readonly height: number;
  /** [address without its first slash, kind, title, x, y] */
  readonly nodes: readonly (readonly [string, NodeKind, string, number, number])[];
  /** [from, to: places in `nodes`, kind, word] */
  readonly edges: readonly (readonly [number, number, EdgeKind, string])[];
}

export function graphFile({ nodes, edges }: Graph, { width, height, places }: Layout): GraphFile {
  const index = new Map(nodes.map(({ id }, i) => [id, i]));
  return {
    width,
    height,
    nodes: nodes.map(({ id, kind, title }, i) => [id.slice(1), kind, title, ...places[i]!] as const),
    edges: edges.map(({ from, to, kind, word }) => [index.get(from)!, index.get(to)!, kind, word] as const),
  };
}
