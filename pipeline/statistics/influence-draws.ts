import type { Draws } from "./bootstrap.ts";
import { random } from "./random.ts";

/** A score of one unit (a neuron), and how it moves with the weight of each cluster (a document) that it was computed from. */
export interface InfluencedScore {
  readonly value: number;
  /** [clusters] ∂value / ∂(weight of the cluster), at weight 1 of each. */
  readonly influence: Float64Array;
}

export interface InfluenceOptions {
  /** Group of each score, 0 … groups − 1. */
  readonly groups: ArrayLike<number>;
  readonly count: number;
  readonly resamples: number;
  /** Of the clusters: two sets of draws with one seed rest on the same resamples of clusters, and may be subtracted. */
  readonly seed: number;
  /** Of the units, which differ from set to set. */
  readonly unitSeed: number;
}

/**
 * Mean score of each group of units, with draws over clusters and units together: clusters are drawn with replacement, and
 * each score moves by its influence on their weights (the infinitesimal jackknife's linearisation: Efron 1982, ch. 6);
 * units are drawn with replacement within their group. NaN for a group without units.
 * @throws RangeError on no scores.
 */
export function influenceDraws(
  scores: readonly InfluencedScore[],
  { groups, count, resamples, seed, unitSeed }: InfluenceOptions,
): Draws {
  if (scores.length === 0) throw new RangeError("There are no scores to draw from.");
  const clusters = scores[0]!.influence.length;
  const members = Array.from({ length: count }, (): number[] => []);
  for (let u = 0; u < scores.length; u++) members[groups[u]!]!.push(u);
  const meanOf = (of: readonly number[], value: (u: number) => number) =>
    of.reduce((sum, u) => sum + value(u), 0) / of.length;
  const values = Float64Array.from(members, (of) => meanOf(of, (u) => scores[u]!.value));
  const draws = new Float64Array(count * resamples);
  const ofClusters = random(seed);
  const ofUnits = random(unitSeed);
  const moved = new Float64Array(scores.length);
  const off = new Float64Array(clusters);
  for (let r = 0; r < resamples; r++) {
    off.fill(-1);
    for (let i = 0; i < clusters; i++) off[ofClusters.int(clusters)]!++;
    scores.forEach(({ value, influence }, u) => {
      let sum = value;
      for (let c = 0; c < clusters; c++) sum += off[c]! * influence[c]!;
      moved[u] = sum;
    });
    members.forEach((of, g) => {
      let sum = 0;
      for (let i = 0; i < of.length; i++) sum += moved[of[ofUnits.int(of.length)]!]!;
      draws[g * resamples + r] = sum / of.length;
    });
  }
  return { units: clusters, resamples, seed, values, draws };
}
