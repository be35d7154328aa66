import type { Draws } from "./bootstrap.ts";

/**
 * Draws moved so that the mean of each statistic's draws is its value. For statistics that resampling itself shifts: overlaps
 * of subspaces rise as a resample repeats units, correlations between noisy halves fall as it adds noise. A percentile
 * interval of such draws may not even hold the value (bootstrap estimate of bias: Efron & Tibshirani 1993, ch. 10).
 * @param which statistics to move, by index; all by default
 */
export function centred(draws: Draws, which: (index: number) => boolean = () => true): Draws {
  const { values, resamples } = draws;
  const moved = draws.draws.slice();
  values.forEach((value, k) => {
    if (!which(k)) return;
    const of = moved.subarray(k * resamples, (k + 1) * resamples);
    const finite = of.filter(Number.isFinite);
    const shift = value - finite.reduce((sum, x) => sum + x, 0) / finite.length;
    for (let r = 0; r < resamples; r++) of[r]! += shift;
  });
  return { ...draws, draws: moved };
}
