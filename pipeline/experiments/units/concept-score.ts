import { descending } from "../../statistics/descending.ts";
import type { InfluencedScore } from "../../statistics/influence-draws.ts";
import { type Concepts, KINDS, type Positions } from "./concepts.ts";

export interface ConceptScore extends InfluencedScore {
  /** The concept that was chosen on each half. */
  readonly concepts: readonly [number, number];
}

/**
 * How badly the best single concept accounts for when a unit fires: 1 − the average precision of the concept as told by
 * the activation, freed of its base rate b, (AP − b) / (1 − b). The concept is chosen on one half of the documents and
 * scored on the other, both ways round, so that choosing among thousands doesn't flatter the unit. 0: it fires for one
 * thing; 1: no concept of the list does better than chance.
 * @param values [positions] activation, larger where it fires
 */
export function conceptScore(values: Float32Array, positions: Positions, concepts: Concepts): ConceptScore {
  const orders = positions.ofHalf.map((half) => descending(values, half));
  const best = orders.map((order) => bestConcept(order, concepts)) as [number, number];
  const influence = new Float64Array(positions.documents);
  let value = 0;
  for (const h of [0, 1] as const) {
    const found = averagePrecision(orders[h]!, best[1 - h]!, concepts, positions);
    value += (1 - found.value) / 2;
    for (let d = 0; d < influence.length; d++) influence[d]! -= found.influence[d]! / 2;
  }
  return { value, influence, concepts: best };
}

/** The concept with the highest average precision beyond its base rate, in one walk down the order. */
function bestConcept(order: Int32Array, { at, labels }: Concepts): number {
  const hits = new Int32Array(labels.length);
  const sums = new Float64Array(labels.length);
  order.forEach((position, rank) => {
    for (let k = 0, from = position * KINDS.length; k < KINDS.length; k++, from++) {
      const concept = at[from]!;
      if (concept >= 0) sums[concept]! += ++hits[concept]! / (rank + 1);
    }
  });
  let best = -1;
  let highest = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < hits.length; c++) {
    const base = hits[c]! / order.length;
    const above = (sums[c]! / hits[c]! - base) / (1 - base);
    if (above > highest) [best, highest] = [c, above];
  }
  return best;
}

/**
 * Average precision of one concept beyond its base rate, and its derivative by each document's weight w: with positions in
 * order, A the weight of hits so far and B the weight so far, AP = Σ_hits w A/B / Σ_hits w.
 */
function averagePrecision(
  order: Int32Array,
  concept: number,
  { at, labels }: Concepts,
  { documents, length }: Positions,
): InfluencedScore {
  const influence = new Float64Array(documents);
  const kind = KINDS.indexOf(labels[concept]!.kind);
  const n = order.length;
  const hit = new Uint8Array(n);
  let hits = 0;
  for (let i = 0; i < n; i++)
    if (at[order[i]! * KINDS.length + kind] === concept) {
      hit[i] = 1;
      hits++;
    }
  const before = new Int32Array(n);
  let seen = 0;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    seen += hit[i]!;
    before[i] = seen;
    if (hit[i]) sum += seen / (i + 1);
  }
  const precision = sum / hits;
  const base = hits / n;
  const above = (precision - base) / (1 - base);
  // From the end: what a position's weight does to the precision at each hit after it.
  let byHit = 0;
  let byAny = 0;
  for (let i = n - 1; i >= 0; i--) {
    const rank = i + 1;
    if (hit[i]) {
      byHit += 1 / rank;
      byAny += before[i]! / rank ** 2;
    }
    let slope = -byAny / hits;
    let ofBase = -base / n;
    if (hit[i]) {
      slope += (before[i]! / rank + byHit - precision) / hits;
      ofBase += 1 / n;
    }
    // d above = (d precision − d base (1 − above)) / (1 − base)
    influence[Math.floor(order[i]! / length)]! += (slope - ofBase * (1 - above)) / (1 - base);
  }
  return { value: above, influence };
}
