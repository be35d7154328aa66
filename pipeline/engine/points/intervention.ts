import type { Graph, Value } from "../graph/graph.ts";
import type { Site } from "../tails/tail.ts";

/** An edit of the forward pass: at every point that `at` matches, the value becomes what `apply` returns (same shape). */
export interface Intervention {
  /** Says what it computes, for the cache of graphs: two interventions with one key must write the same nodes. */
  readonly key: string;
  /** Name or glob of points. */
  readonly at: string;
  apply(site: Site, value: Value, point: string): Value;
}

export type { Graph, Value };
