import type { Result } from "../../pipeline/artifacts/schema.ts";
import { rowsOf } from "../../pipeline/artifacts/tables.ts";

/** A unit on the page: column by token, row by block, in pixels. */
export interface DrawnNode {
  readonly node: number;
  readonly block: number;
  readonly unit: number;
  readonly token: string;
  readonly x: number;
  readonly y: number;
  /** Share of the greatest absolute effect of the graph, 0 … 1. */
  readonly size: number;
  /** Logits; positive where it speaks for the answer. */
  readonly effect: number;
}

export interface DrawnEdge {
  readonly from: DrawnNode;
  readonly to: DrawnNode;
  /** Of the target's change: what the edge says, and what exchanging the source did, where it was tried. */
  readonly share: number;
  readonly measured: number | null;
}

export interface DrawnGraph {
  readonly prompt: string;
  readonly answer: string;
  readonly foil: string;
  readonly completeness: number;
  readonly necessary: number;
  readonly sufficient: number;
  /** Columns that hold nodes: the token's text, its position and the middle of its column. */
  readonly columns: readonly { readonly position: number; readonly token: string; readonly x: number }[];
  readonly blocks: readonly { readonly block: number; readonly y: number }[];
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  readonly width: number;
  readonly height: number;
}

const STEP = 24;
const ROW = 24;
const LEFT = 34;
const TOP = 26;
/** Edges that bring a lesser share of their target's change aren't drawn, unless they were tried: a graph has a hundred of them. */
export const LEAST = 0.15;

/** The first graph of a task, laid out: tokens across, blocks down, units of one block and token side by side. */
export function unitGraphOf({ tables }: Pick<Result, "tables">, task: string): DrawnGraph | undefined {
  if (!tables.graphs) return undefined;
  const graph = rowsOf(tables, "graphs").find((row) => row.task === task);
  if (!graph) return undefined;
  const own = (table: string) => rowsOf(tables, table).filter((row) => row.graph === graph.graph);
  const nodes = own("nodes");
  const positions = sortedOnce(nodes.map(({ position }) => position as number));
  const blocks = sortedOnce(nodes.map(({ block }) => block as number));
  const beside = (position: number, block: number) =>
    nodes.filter((node) => node.position === position && node.block === block);
  const widths = positions.map((position) => {
    const token = nodes.find((node) => node.position === position)!.token as string;
    const most = Math.max(...blocks.map((block) => beside(position, block).length));
    return Math.max(most * STEP + 14, token.length * 8 + 14);
  });
  const columns = positions.map((position, i) => ({
    position,
    token: nodes.find((node) => node.position === position)!.token as string,
    x: LEFT + widths.slice(0, i).reduce((sum, width) => sum + width, 0) + widths[i]! / 2,
  }));
  const rows = blocks.map((block, i) => ({ block, y: TOP + ROW * (i + 0.5) }));
  const greatest = Math.max(...nodes.map(({ effect }) => Math.abs(effect as number)));
  const drawn = nodes.map((node): DrawnNode => {
    const { position, block } = node as { position: number; block: number };
    const together = beside(position, block);
    const middle = columns.find((column) => column.position === position)!.x;
    return {
      node: node.node as number,
      block,
      unit: node.unit as number,
      token: node.token as string,
      x: middle + (together.indexOf(node) - (together.length - 1) / 2) * STEP,
      y: rows.find((row) => row.block === block)!.y,
      size: Math.abs(node.effect as number) / greatest,
      effect: node.effect as number,
    };
  });
  const at = (node: unknown) => drawn.find((each) => each.node === node)!;
  return {
    prompt: graph.prompt as string,
    answer: graph.answer as string,
    foil: graph.foil as string,
    completeness: graph.completeness as number,
    necessary: graph.necessary as number,
    sufficient: graph.sufficient as number,
    columns,
    blocks: rows,
    nodes: drawn,
    edges: own("edges")
      .filter(({ share, measured }) => Math.abs(share as number) >= LEAST || measured !== null)
      .map(({ from, to, share, measured }) => ({
        from: at(from),
        to: at(to),
        share: share as number,
        measured: measured as number | null,
      })),
    width: LEFT + widths.reduce((sum, width) => sum + width, 0),
    height: TOP + ROW * blocks.length + 8,
  };
}

const sortedOnce = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
