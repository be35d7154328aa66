import type { Ranking } from "./ranking.ts";

export interface AveragePrecision {
  readonly value: number;
  /** Share of hits among all: about what a random order gives. */
  readonly base: number;
  /** Derivatives of `value` by the weight of what stands at each place of the order. */
  readonly slopes: Float64Array;
}

/**
 * Average precision, Σ (Rₙ − Rₙ₋₁) Pₙ over the steps of a ranking: equal values are taken in together, so the order in which
 * they came doesn't matter. With weights w, A the weight of hits down to the end of a step and B the weight of all,
 * it is Σ_hits w A/B / Σ_hits w; slopes are at weights of 1.
 * @param isHit of an index that was ranked
 * @throws RangeError where nothing is a hit.
 */
export function averagePrecision({ order, ends }: Ranking, isHit: (index: number) => boolean): AveragePrecision {
  const n = order.length;
  const hit = Uint8Array.from(order, (index) => Number(isHit(index)));
  /** Hits down to each place. */
  const found = new Int32Array(n);
  let hits = 0;
  for (let i = 0; i < n; i++) {
    hits += hit[i]!;
    found[i] = hits;
  }
  if (hits === 0) throw new RangeError(`None of the ${n} is a hit: average precision is undefined.`);
  const precisionAt = (end: number) => found[end - 1]! / end;
  let sum = 0;
  for (let i = 0; i < n; i++) if (hit[i]) sum += precisionAt(ends[i]!);
  const value = sum / hits;
  const slopes = new Float64Array(n);
  // From the end, step by step: what a weight does to the precision at each hit of its step and of those after it.
  let byHit = 0;
  let byAny = 0;
  for (let end = n; end > 0; ) {
    let start = end;
    let own = 0;
    while (start > 0 && ends[start - 1] === end) own += hit[--start]!;
    byHit += own / end;
    byAny += (own * precisionAt(end)) / end;
    for (let i = start; i < end; i++) slopes[i] = ((hit[i] ? precisionAt(end) + byHit - value : 0) - byAny) / hits;
    end = start;
  }
  return { value, base: hits / n, slopes };
}
