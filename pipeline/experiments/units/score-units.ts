import type { InfluencedScore } from "../../statistics/influence-draws.ts";
import { quantileSorted } from "../../statistics/summary.ts";
import { clusterScore, contextsOfUnit, type UnitContexts } from "./cluster-score.ts";
import { conceptScore } from "./concept-score.ts";
import type { Concepts, Positions } from "./concepts.ts";
import { predictorScore } from "./predictor-score.ts";

/** The three definitions of how polysemantic a unit is; each is 0 for a unit with one meaning, and grows to about 1. */
export const DEFINITIONS = ["clusters", "concept", "predictor"] as const;
export type Definition = (typeof DEFINITIONS)[number];

/** Clusters of the positions' contexts. */
export interface NamedCodebook {
  /** How many clusters of word vectors there are, or {@link SENTENCES}. */
  readonly name: string;
  readonly clusters: Int16Array;
}

/** The codebook of encoded stretches of text. */
export const SENTENCES = "sentences";

/** What units are scored against. */
export interface Yardstick {
  readonly positions: Positions;
  readonly concepts: Concepts;
  /** The first codebook counts, the others show that what it says is stable. */
  readonly codebooks: readonly NamedCodebook[];
  /** Contexts a unit is told by, of each sort. */
  readonly contexts: number;
}

export interface ScoredUnit {
  readonly block: number;
  readonly unit: number;
  readonly rate: number;
  /** −1 where the activation was turned over before it was scored. */
  readonly sign: 1 | -1;
  readonly scores: Readonly<Record<Definition, InfluencedScore>>;
  /** The score by clusters under the other codebooks, by their names. */
  readonly byCodebook: ReadonlyMap<string, InfluencedScore>;
  readonly contexts: UnitContexts;
  /** The concept and the kind of predictor chosen on each half. */
  readonly concepts: readonly [number, number];
  readonly kinds: readonly [number, number];
}

/** Scored units by series: the model's, and the controls'. */
export type UnitSeries = Readonly<Record<"model" | "BS" | "RB" | "RW" | "RE" | "SL" | "ST", readonly ScoredUnit[]>>;

/** Scores one unit, of which `values` [positions] are larger where it fires. */
export function scoreUnit(
  values: Float32Array,
  { positions, concepts, codebooks, contexts }: Yardstick,
  of: { readonly block: number; readonly unit: number; readonly rate: number },
): ScoredUnit {
  const [first, ...others] = codebooks;
  const known = (position: number) => first!.clusters[position]! >= 0;
  const found = contextsOfUnit(values, positions, known, contexts);
  const concept = conceptScore(values, positions, concepts);
  const predictor = predictorScore(values, positions, concepts);
  return {
    ...of,
    sign: 1,
    scores: { clusters: clusterScore(found, first!.clusters, positions), concept, predictor },
    byCodebook: new Map(others.map(({ name, clusters }) => [name, clusterScore(found, clusters, positions)])),
    contexts: found,
    concepts: concept.concepts,
    kinds: predictor.kinds,
  };
}

/**
 * The activation turned so that the larger of its two tails is where it fires: a gated unit may say as much by going below
 * zero as above it. `sign` is −1 where it was turned over.
 */
export function oriented(values: Float32Array): { values: Float32Array; sign: 1 | -1 } {
  const sorted = values.slice().sort();
  const [low, high] = [quantileSorted(sorted, 0.0025), quantileSorted(sorted, 0.9975)];
  return -low > high ? { values: values.map((x) => -x), sign: -1 } : { values, sign: 1 };
}

/** The activations of another document at each position: all that ties them to their text is gone but the place in it. */
export function dealtAnew(values: Float32Array, order: ArrayLike<number>, length: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let d = 0; d < order.length; d++)
    out.set(values.subarray(order[d]! * length, (order[d]! + 1) * length), d * length);
  return out;
}
