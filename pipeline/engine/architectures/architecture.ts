import type { Graph, Value } from "../graph/graph.ts";
import type { ModelConfig } from "./config.ts";

/** What an architecture's declaration writes its graph with. */
export interface Pass {
  readonly graph: Graph;
  readonly config: ModelConfig;
  /** int64 [batch, token] */
  readonly ids: Value;
  /** A parameter by the checkpoint's name. */
  weight(name: string): Value;
  /**
   * Declares a point: records its value, applies the interventions that stand there, and returns what the pass goes on
   * with. The very value that was given comes back when nothing intervenes.
   */
  tap(point: string, value: Value): Value;
}

/** How a family of models is wired. One file each. */
export interface Architecture {
  /** Shape of every parameter by the checkpoint's name. */
  parameters(config: ModelConfig): Record<string, readonly number[]>;
  /** Writes embedding, blocks and final norm, tapping every point; returns the logits [batch, token, vocab]. */
  forward(pass: Pass): Value;
  /** The model's own read-out of a residual stream [..., dModel]: final norm and unembedding, without points. */
  unembed(pass: Pass, residual: Value): Value;
}
