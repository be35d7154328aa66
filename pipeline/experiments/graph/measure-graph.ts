import type { LanguageModel } from "../../engine/run/language-model.ts";
import type { Case } from "../heads/cases.ts";
import { type Exchange, exchange } from "./intervene.ts";
import { type Edge, type UnitGraph, unitGraph } from "./unit-graph.ts";

/** An edge proved by intervening: shares of the target's change between the two prompts. */
export interface Proof extends Edge {
  /** By the edge's weight. */
  readonly predicted: number;
  /** What went of it when the source had its corrupted value. */
  readonly measured: number;
  /** The same for a unit drawn at the source's block and position. */
  readonly drawn: number;
}

/** The graph of one prompt, the graph of units drawn, and what exchanging their units does, as shares of the whole difference in margin. */
export interface Measured {
  readonly task: string;
  readonly prompt: Case;
  readonly graph: UnitGraph;
  readonly drawn: UnitGraph;
  /** Fall of the clean margin when the nodes have their corrupted values. */
  readonly necessary: number;
  readonly necessaryDrawn: number;
  /** What the corrupted margin gains when they have their clean ones: the graph in the place of the prompt. */
  readonly sufficient: number;
  readonly sufficientDrawn: number;
  readonly proofs: readonly Proof[];
}

/** Graph and interventions of one case. */
export async function measureGraph(
  model: LanguageModel,
  task: string,
  prompt: Case,
  { count, edges, seed }: { readonly count: number; readonly edges: number; readonly seed: number },
  signal: AbortSignal,
): Promise<Measured> {
  const graph = await unitGraph(model, prompt, { count, seed }, signal);
  const drawn = await unitGraph(model, prompt, { count, like: graph.nodes, seed }, signal);
  const proved = strongest(graph, edges);
  const exchanges: Exchange[] = [
    { prompt: "clean", units: graph.nodes },
    { prompt: "clean", units: drawn.nodes },
    { prompt: "corrupted", units: graph.nodes },
    { prompt: "corrupted", units: drawn.nodes },
    ...proved.flatMap(({ from }) => [
      { prompt: "clean" as const, units: [graph.nodes[from]!] },
      { prompt: "clean" as const, units: [drawn.nodes[from]!] },
    ]),
  ];
  const [clean, corrupted, ...found] = await exchange(model, prompt, exchanges, signal);
  const whole = clean!.margin - corrupted!.margin;
  const fall = (i: number) => (clean!.margin - found[i]!.margin) / whole;
  const gain = (i: number) => (found[i]!.margin - corrupted!.margin) / whole;
  return {
    task,
    prompt,
    graph,
    drawn,
    necessary: fall(0),
    necessaryDrawn: fall(1),
    sufficient: gain(2),
    sufficientDrawn: gain(3),
    proofs: proved.map((edge, i) => {
      const target = graph.nodes[edge.to]!;
      const gone = (at: number) => (clean!.at(target) - found[at]!.at(target)) / target.change;
      return { ...edge, predicted: edge.weight / target.change, measured: gone(4 + 2 * i), drawn: gone(5 + 2 * i) };
    }),
  };
}

/** The edges that carry most to the margin: share of the target's change, times the target's effect; no target twice. */
export function strongest({ nodes, edges }: Pick<UnitGraph, "nodes" | "edges">, count: number): Edge[] {
  const carries = ({ to, weight }: Edge) => Math.abs((weight / nodes[to]!.change) * nodes[to]!.effect);
  const order = edges.filter(({ to }) => nodes[to]!.change !== 0).sort((a, b) => carries(b) - carries(a));
  const chosen: Edge[] = [];
  for (const edge of order) if (chosen.length < count && !chosen.some(({ to }) => to === edge.to)) chosen.push(edge);
  return chosen;
}
