import type { ModelConfig } from "../architectures/config.ts";
import type { Graph, Value } from "../graph/graph.ts";
import type { DataType } from "../runtime.ts";

/** What a tail or an intervention sees of the graph under construction. */
export interface Site {
  readonly graph: Graph;
  readonly config: ModelConfig;
  /** int64 [batch, token] */
  readonly ids: Value;
  /** float32 [batch, token]: 1 for a token, 0 for padding. */
  readonly mask: Value;
  /** The value at a point; asking makes the graph compute it. */
  point(name: string): Value;
  /** Matching point names, in order of computation. */
  matching(glob: string): readonly string[];
  /** A model parameter as the graph uses it, e.g. `unembed.W_U` [dModel, vocab], `ln_final.w` [dModel]. */
  parameter(name: string): Value;
  /** Declares an extra graph input; `RunRequest.feeds` must give it. Extents are numbers or names of free axes. */
  input(name: string, type: DataType, shape: readonly (number | string)[]): Value;
}

/** A statistic computed inside the graph, so that only its result leaves the runtime. */
export interface Tail {
  /** Names its outputs: `<name>.<output>`. */
  readonly name: string;
  /** Says what it computes, for the cache of graphs. */
  readonly key: string;
  build(site: Site): Record<string, Value>;
}
