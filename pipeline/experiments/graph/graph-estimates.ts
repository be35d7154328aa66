import type { Estimate, Table } from "../../artifacts/schema.ts";
import { type Draws, drawRatios, drawStatistic } from "../../statistics/bootstrap.ts";
import { pearson } from "../../statistics/rank.ts";
import { column } from "../support/column.ts";
import { controlled, estimate } from "../support/estimates.ts";
import type { Measured } from "./measure-graph.ts";

const PER = "prompt";

/** Estimates over prompts: what the graphs hold and do, against graphs of units drawn at the same places. */
export function graphEstimates(found: readonly Measured[], seed: number): Estimate[] {
  const mean = (of: (one: Measured) => number): Draws =>
    drawRatios(
      found.map(of),
      found.map(() => 1),
      1,
      { seed },
    );
  const size = found[0]!.graph.nodes.length;
  const against = (own: Draws, drawn: Draws, id: string, label: string, unit: string, method: string) =>
    controlled(own, drawn, "drawn", "units drawn at the same places", PER, {
      id,
      label,
      unit,
      method: `${method}; ${size} units a graph; bootstrap over prompts`,
      tolerance: 0.05,
    });
  const proofs = (of: "measured" | "drawn") =>
    mean(({ proofs: all }) => all.reduce((sum, proof) => sum + Math.sign(proof.predicted) * proof[of], 0) / all.length);
  const whole = "of the whole difference";
  return [
    ...against(
      mean(({ graph }) => graph.completeness),
      mean(({ drawn }) => drawn.completeness),
      "completeness",
      "Completeness of the graphs",
      "of the direct effects",
      "share of what reaches answer and nodes directly, to first order, that comes from nodes and embeddings",
    ),
    ...against(
      mean(({ necessary }) => necessary),
      mean(({ necessaryDrawn }) => necessaryDrawn),
      "necessary",
      "Fall when the graph's units have the other prompt's values",
      whole,
      "all nodes patched into the clean prompt from the corrupted one",
    ),
    ...against(
      mean(({ sufficient }) => sufficient),
      mean(({ sufficientDrawn }) => sufficientDrawn),
      "sufficient",
      "Gain when the other prompt's units have the graph's values",
      whole,
      "all nodes patched into the corrupted prompt from the clean one",
    ),
    ...against(
      proofs("measured"),
      proofs("drawn"),
      "edge-effect",
      "What goes of a unit's change with its strongest source",
      "of the target's change",
      "the source of each of the strongest edges patched, the target's activation read, in the direction that the edge says",
    ),
    estimate(
      drawStatistic(
        found.length,
        (resample) => {
          const all = Array.from(resample).flatMap((i) => found[i]!.proofs);
          return [
            pearson(
              all.map(({ predicted }) => predicted),
              all.map(({ measured }) => measured),
            ),
          ];
        },
        { seed },
      ),
      PER,
      {
        id: "edge-agreement",
        label: "Agreement of edges with interventions",
        unit: "correlation",
        method:
          "an edge's first-order share of its target's change against the share that went when its source was patched; bootstrap over prompts",
        tolerance: 0.05,
      },
    ),
  ];
}

/** Ids of what {@link graphEstimates} gives. */
export const graphIds = (): string[] => [
  ...["completeness", "necessary", "sufficient", "edge-effect"].flatMap((id) => [
    id,
    `${id}-drawn`,
    `${id}-beyond-drawn`,
  ]),
  "edge-agreement",
];

/** Tables `graphs`, `nodes`, `edges`: what is drawn, and what each prompt came to. */
export function graphTables(found: readonly Measured[], tokenOf: (id: number) => string): Record<string, Table> {
  const whole = "of the whole difference";
  const number = (name: string, unit: string, about: string) => column(name, "number", unit, about);
  const graph = column("graph", "integer", "", "number of the graph, from 0");
  return {
    graphs: {
      title: "Graphs",
      columns: [
        graph,
        column("task", "string", "", "id of the task"),
        column("prompt", "string", "", "the clean prompt"),
        column("answer", "string", "", "token of the answer"),
        column("foil", "string", "", "token of the foil"),
        column("cue", "integer", "", "position in which the cue ends"),
        number("completeness", "", "see the protocol"),
        number("necessary", whole, "fall with all nodes patched"),
        number("sufficient", whole, "gain with all nodes patched into the other prompt"),
      ],
      rows: found.map(({ task, prompt, graph: { completeness }, necessary, sufficient }, g) => [
        g,
        task,
        prompt.clean.map(tokenOf).join(""),
        ...prompt.candidates.map(tokenOf),
        prompt.cue.at(-1)!,
        completeness,
        necessary,
        sufficient,
      ]),
    },
    nodes: {
      title: "Nodes",
      columns: [
        graph,
        column("node", "integer", "", "number of the node, strongest first"),
        column("block", "integer", "", "block"),
        column("unit", "integer", "", "unit of its MLP"),
        column("position", "integer", "", "position"),
        column("token", "string", "", "token there"),
        number("effect", "logits", "total first-order effect on the margin of its change between the prompts"),
        number("direct", "logits", "the same by way of the residual stream and attention alone"),
        number("embedded", "activation", "what reaches it directly from the embeddings"),
        number("change", "activation", "its value in the clean prompt less that in the other"),
      ],
      rows: found.flatMap(({ graph: { nodes, embedded }, prompt }, g) =>
        nodes.map(({ block, unit, position, effect, direct, change }, n) => [
          g,
          n,
          block,
          unit,
          position,
          tokenOf(prompt.clean[position]!),
          effect,
          direct,
          embedded[n]!,
          change,
        ]),
      ),
    },
    edges: {
      title: "Edges",
      columns: [
        graph,
        column("from", "integer", "", "node"),
        column("to", "integer", "", "node"),
        number("share", "of the target's change", "direct, to first order"),
        number(
          "measured",
          "of the target's change",
          "what went when the source was patched; for the edges that were tried",
        ),
      ],
      rows: found.flatMap(({ graph: { nodes, edges }, proofs }, g) =>
        edges
          .map(({ from, to, weight }) => ({ from, to, share: weight / nodes[to]!.change }))
          .filter(({ share }) => Math.abs(share) >= LEAST_SHARE)
          .map(({ from, to, share }) => [
            g,
            from,
            to,
            share,
            proofs.find((proof) => proof.from === from && proof.to === to)?.measured ?? null,
          ]),
      ),
    },
  };
}

/** Edges that bring less of their target's change aren't kept. */
const LEAST_SHARE = 0.02;
