import { studentQuantile, studentTail } from "./student-t.ts";
import { mean, standardDeviation } from "./summary.ts";

export interface Equivalence {
  /** Mean difference. */
  readonly value: number;
  /** Its 1 − 2α interval: within the margins exactly where p < α. */
  readonly lo: number;
  readonly hi: number;
  /** The larger p of the two one-sided tests. */
  readonly p: number;
}

/**
 * Two one-sided t-tests (Schuirmann 1987) that the mean of paired differences lies strictly inside ±margin: what
 * a claim of "no difference" needs.
 * @param differences one for each independent unit
 * @param margin the largest difference that would count as none, chosen beforehand
 * @throws RangeError on fewer than two differences, differences without any spread, or a margin that isn't above 0.
 */
export function tost(differences: ArrayLike<number>, margin: number, alpha = 0.05): Equivalence {
  const n = differences.length;
  if (n < 2) throw new RangeError(`An equivalence test needs at least two differences; found ${n}.`);
  if (!(margin > 0)) throw new RangeError(`An equivalence margin is above 0; found ${margin}.`);
  const value = mean(differences);
  const error = standardDeviation(differences) / Math.sqrt(n);
  if (!(error > 0)) throw new RangeError(`All ${n} differences are ${value}: a t-test needs some spread.`);
  const reach = studentQuantile(alpha, n - 1) * error;
  const p = Math.max(studentTail((value + margin) / error, n - 1), studentTail((margin - value) / error, n - 1));
  return { value, lo: value - reach, hi: value + reach, p };
}
