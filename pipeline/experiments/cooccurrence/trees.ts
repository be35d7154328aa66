import { ancestors, synsets } from "../../corpora/wordnet.ts";
import type { Random } from "../../statistics/random.ts";

/** Tree distance of all pairs i < j. */
export function treeDistances(of: readonly number[]): Float64Array {
  const out = new Float64Array((of.length * (of.length - 1)) / 2);
  const above = of.map((synset) => ancestors(synset));
  for (let i = 0, at = 0; i < of.length; i++)
    for (let j = i + 1; j < of.length; j++, at++) {
      let least = Number.POSITIVE_INFINITY;
      for (const [synset, step] of above[i]!) {
        const other = above[j]!.get(synset);
        if (other !== undefined && step + other < least) least = step + other;
      }
      out[at] = least;
    }
  return out;
}

/** Distinct noun synsets drawn at random from all of WordNet. */
export function randomSynsets(count: number, { sample }: Random): number[] {
  const all = [...synsets().keys()];
  return [...sample(all.length, count)].map((i) => all[i]!);
}

/** Upper ends of the bins of tree distance that curves are drawn over. */
export const DISTANCE_BINS = [4, 6, 8, 10, 12, 14, 16, 18] as const;

/** Bin of each pair's tree distance; −1 beyond the last. */
export const distanceBins = (distances: Float64Array): Int8Array =>
  Int8Array.from(distances, (distance) => DISTANCE_BINS.findIndex((end) => distance <= end));
