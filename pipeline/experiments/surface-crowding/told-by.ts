import type { InfluencedScore } from "../../statistics/influence-draws.ts";
import type { Positions } from "../units/concepts.ts";
import { FAMILIES, type Family, type Labels } from "./labels.ts";

/** A group's mean is drawn to the overall mean with the weight of so many positions. */
const PRIOR = 4;

/**
 * Share of a unit's variance that the best labels of one family tell by their group means, held out: means from one half of
 * the documents, error on the other, both ways, the labels for each half those with the least error on the other.
 * @param values [positions] activation
 */
export function toldBy(values: Float32Array, labels: readonly Labels[], positions: Positions): InfluencedScore {
  const { documents, length, ofHalf } = positions;
  const means = ofHalf.map((half) => half.reduce((sum, i) => sum + values[i]!, 0) / half.length);
  const errors = labels.map(({ at, groups }) =>
    ofHalf.map((half, h) => {
      const sums = new Float64Array(groups).fill(PRIOR * means[1 - h]!);
      const counts = new Float64Array(groups).fill(PRIOR);
      for (const i of ofHalf[1 - h]!) {
        sums[at[i]!]! += values[i]!;
        counts[at[i]!]!++;
      }
      const of = new Float64Array(documents);
      for (const i of half) of[Math.floor(i / length)]! += (values[i]! - sums[at[i]!]! / counts[at[i]!]!) ** 2;
      return of;
    }),
  );
  const totals = new Float64Array(documents);
  ofHalf.forEach((half, h) => {
    for (const i of half) totals[Math.floor(i / length)]! += (values[i]! - means[h]!) ** 2;
  });
  const sum = (of: Float64Array) => of.reduce((a, b) => a + b, 0);
  const chosen = new Float64Array(documents);
  for (const h of [0, 1] as const) {
    const other = errors.map((of) => sum(of[1 - h]!));
    errors[other.indexOf(Math.min(...other))]![h]!.forEach((error, d) => {
      chosen[d]! += error;
    });
  }
  const whole = sum(totals);
  const left = sum(chosen) / whole;
  return { value: 1 - left, influence: chosen.map((own, d) => (left * totals[d]! - own) / whole) };
}

export type Leads = Readonly<Record<Family | "lead", InfluencedScore>>;

/** What each family tells beyond its labels dealt anew, and spelling less meaning. */
export function leadsOf(
  values: Float32Array,
  labels: readonly Labels[],
  dealt: readonly Labels[],
  positions: Positions,
): Leads {
  const own = (family: Family, of: readonly Labels[]) =>
    toldBy(
      values,
      of.filter((each) => each.family === family),
      positions,
    );
  const [spelling, meaning] = FAMILIES.map((family) => less(own(family, labels), own(family, dealt)));
  return { spelling: spelling!, meaning: meaning!, lead: less(spelling!, meaning!) };
}

const less = (a: InfluencedScore, b: InfluencedScore): InfluencedScore => ({
  value: a.value - b.value,
  influence: a.influence.map((x, d) => x - b.influence[d]!),
});
