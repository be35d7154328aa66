import type { CurvePoint } from "../../artifacts/tables.ts";
import { type Draws, derive, intervals } from "../../statistics/bootstrap.ts";
import { columnOf, QUANTITIES } from "../lens/lens-sums.ts";

/** Every quantity of one read-out over the depths that it was read at. */
export function curvesOf(series: string, draws: Draws, depths: readonly number[]): CurvePoint[] {
  const found = intervals(draws);
  return QUANTITIES.flatMap((quantity) =>
    depths.map((x, i) => ({ quantity, series, x, ...found[columnOf(quantity, i, depths.length)]! })),
  );
}

/** KL and entropy of an even guess; its KL depends on the model's final entropy and has an interval. */
export function uniformCurves(draws: Draws, depths: readonly number[], vocabulary: number): CurvePoint[] {
  const size = Math.log(vocabulary);
  const [kl] = intervals(derive(draws, (s) => [size - s[columnOf("entropy", depths.length - 1, depths.length)]!]));
  const fixed = { value: size, lo: null, hi: null };
  return depths.flatMap((x) => [
    { quantity: "kl", series: "uniform", x, ...kl! },
    { quantity: "entropy", series: "uniform", x, ...fixed },
    { quantity: "cross-entropy", series: "uniform", x, ...fixed },
  ]);
}

/**
 * Whether a point belongs on the axes: with tied embeddings the logit lens reads each token back to itself at depth 0, many
 * times further off than anything below.
 */
export const drawn = ({ series, quantity, x }: CurvePoint): boolean =>
  !(series === "logit" && x === 0 && (quantity === "kl" || quantity === "cross-entropy"));
