import { averagePrecision } from "../../statistics/average-precision.ts";
import type { InfluencedScore } from "../../statistics/influence-draws.ts";
import { type Ranking, ranking } from "../../statistics/ranking.ts";
import { type Concepts, KINDS, type Positions } from "./concepts.ts";

export interface ConceptScore extends InfluencedScore {
  /** The concept that was chosen on each half. */
  readonly concepts: readonly [number, number];
}

/**
 * How badly the best single concept accounts for when a unit fires: 1 − the average precision of the concept as told by
 * the activation, freed of its base rate b, (AP − b) / (1 − b). The concept is chosen on one half of the documents and
 * scored on the other, both ways round, so that choosing among thousands doesn't flatter the unit. 0: it fires for one
 * thing; 1: no concept of the list does better than chance. Equal activations are one step of the precision: where a unit
 * is silent, the order of the text doesn't count.
 * @param values [positions] activation, larger where it fires
 */
export function conceptScore(values: Float32Array, positions: Positions, concepts: Concepts): ConceptScore {
  const ranked = positions.ofHalf.map((half) => ranking(values, half));
  const best = ranked.map((rank) => bestConcept(rank, concepts)) as [number, number];
  const influence = new Float64Array(positions.documents);
  let value = 0;
  for (const h of [0, 1] as const) {
    const found = beyondBase(ranked[h]!, best[1 - h]!, concepts, positions);
    value += (1 - found.value) / 2;
    for (let d = 0; d < influence.length; d++) influence[d]! -= found.influence[d]! / 2;
  }
  return { value, influence, concepts: best };
}

/** The concept with the highest average precision beyond its base rate, for all of them in one walk down the steps. */
function bestConcept({ order, ends }: Ranking, { at, labels }: Concepts): number {
  const hits = new Int32Array(labels.length);
  const sums = new Float64Array(labels.length);
  const each = (from: number, to: number, use: (concept: number) => void) => {
    for (let i = from; i < to; i++)
      for (let k = 0, slot = order[i]! * KINDS.length; k < KINDS.length; k++, slot++)
        if (at[slot]! >= 0) use(at[slot]!);
  };
  for (let start = 0; start < order.length; start = ends[start]!) {
    const end = ends[start]!;
    // All of a step before its precision is taken: no threshold parts them.
    each(start, end, (concept) => {
      hits[concept]!++;
    });
    each(start, end, (concept) => {
      sums[concept]! += hits[concept]! / end;
    });
  }
  let best = -1;
  let highest = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < hits.length; c++) {
    const base = hits[c]! / order.length;
    const above = (sums[c]! / hits[c]! - base) / (1 - base);
    if (above > highest) [best, highest] = [c, above];
  }
  return best;
}

/** Average precision of one concept beyond its base rate, and its derivative by each document's weight. */
function beyondBase(
  rank: Ranking,
  concept: number,
  { at, labels }: Concepts,
  { documents, length }: Positions,
): InfluencedScore {
  const kind = KINDS.indexOf(labels[concept]!.kind);
  const isHit = (position: number) => at[position * KINDS.length + kind] === concept;
  const { value, base, slopes } = averagePrecision(rank, isHit);
  const above = (value - base) / (1 - base);
  const influence = new Float64Array(documents);
  rank.order.forEach((position, i) => {
    const ofBase = (Number(isHit(position)) - base) / rank.order.length;
    // d above = (d precision − d base (1 − above)) / (1 − base)
    influence[Math.floor(position / length)]! += (slopes[i]! - ofBase * (1 - above)) / (1 - base);
  });
  return { value: above, influence };
}
