import { descending } from "../../statistics/descending.ts";
import type { InfluencedScore } from "../../statistics/influence-draws.ts";
import type { Positions } from "./concepts.ts";

/** Contexts that a unit is told by: where it fires most, and where it fires middlingly. */
export interface UnitContexts {
  readonly top: readonly number[];
  readonly middle: readonly number[];
}

/** Share of its own 99.5 % quantile above which a unit fires. */
const FIRES = 1 / 4;

/**
 * Up to `count` positions at which a unit fires most, and as many around the middle of those at which it fires at all, each
 * of another document: neighbours in one text would be one context many times.
 */
export function contextsOfUnit(
  values: Float32Array,
  { ofHalf, length }: Positions,
  known: (position: number) => boolean,
  count: number,
): UnitContexts {
  const all = new Int32Array(ofHalf[0].length + ofHalf[1].length);
  all.set(ofHalf[0]);
  all.set(ofHalf[1], ofHalf[0].length);
  const order = descending(values, all);
  const threshold = FIRES * values[order[Math.floor(0.005 * order.length)]!]!;
  let firing = order.findIndex((i) => values[i]! <= threshold);
  if (firing < 0) firing = order.length;
  const take = (positions: Iterable<number>) => {
    const documents = new Set<number>();
    const taken: number[] = [];
    for (const i of positions) {
      const document = Math.floor(i / length);
      if (!known(i) || documents.has(document)) continue;
      documents.add(document);
      taken.push(i);
      if (taken.length === count) break;
    }
    return taken;
  };
  return { top: take(order), middle: take(outwards(order.subarray(0, firing))) };
}

/** The items of an order from its middle outwards. */
function* outwards(order: Int32Array): Generator<number> {
  const middle = order.length >> 1;
  for (let step = 0; step <= order.length; step++) {
    const at = middle + (step % 2 === 0 ? -1 : 1) * Math.ceil(step / 2);
    if (at >= 0 && at < order.length) yield order[at]!;
  }
}

/**
 * The probability that two of a unit's contexts, drawn without replacement, lie in different clusters (Gini and Simpson's
 * index, free of bias by the number of contexts), the mean over its top and its middle contexts. 0: all its contexts are
 * alike; random positions show the ceiling. 1 / (1 − p) is the number of clusters of equal size that would give it.
 */
export function clusterScore(contexts: UnitContexts, clusters: Int16Array, positions: Positions): InfluencedScore {
  const parts = [contexts.top, contexts.middle].map((of) => apart(of, clusters, positions));
  return {
    value: (parts[0]!.value + parts[1]!.value) / 2,
    influence: parts[0]!.influence.map((x, d) => (x + parts[1]!.influence[d]!) / 2),
  };
}

function apart(of: readonly number[], clusters: Int16Array, { documents, length }: Positions): InfluencedScore {
  const n = of.length;
  const sizes = new Map<number, number>();
  for (const i of of) sizes.set(clusters[i]!, (sizes.get(clusters[i]!) ?? 0) + 1);
  const pairs = n * (n - 1);
  const alike = [...sizes.values()].reduce((sum, size) => sum + size * (size - 1), 0) / pairs;
  const influence = new Float64Array(documents);
  // alike = Σ_c (W_c² − Σ w²) / (W² − Σ w²), by the weight w of one context at 1.
  for (const i of of) {
    const own = 2 * (sizes.get(clusters[i]!)! - 1);
    influence[Math.floor(i / length)]! -= (own - alike * 2 * (n - 1)) / pairs;
  }
  return { value: 1 - alike, influence };
}
