import { backwardSolve, cholesky, forwardSolve } from "../../statistics/cholesky.ts";
import { dense, row } from "../../statistics/dense.ts";

/** Sums that a linear regression of y on x, both of width d, needs; means taken out. */
export interface Moments {
  readonly count: number;
  /** [d] */
  readonly meanX: Float64Array;
  readonly meanY: Float64Array;
  /** [d × d] Σ (x − mean)(x − mean)ᵀ and Σ (x − mean)(y − mean)ᵀ */
  readonly xx: Float64Array;
  readonly xy: Float64Array;
}

/** The moments of both samples together (Chan, Golub & LeVeque 1983, eq. 2.1). */
export function joined(a: Moments | undefined, b: Moments): Moments {
  if (!a) return b;
  const count = a.count + b.count;
  const d = a.meanX.length;
  const factor = (a.count * b.count) / count;
  const offX = b.meanX.map((x, i) => x - a.meanX[i]!);
  const offY = b.meanY.map((y, i) => y - a.meanY[i]!);
  const [xx, xy] = [a.xx, a.xy];
  for (let i = 0; i < d; i++) {
    const scaled = factor * offX[i]!;
    for (let j = 0, at = i * d; j < d; j++, at++) {
      xx[at]! += b.xx[at]! + scaled * offX[j]!;
      xy[at]! += b.xy[at]! + scaled * offY[j]!;
    }
  }
  const mean = (from: Float64Array, off: Float64Array) => from.map((x, i) => x + (off[i]! * b.count) / count);
  return { count, meanX: mean(a.meanX, offX), meanY: mean(a.meanY, offY), xx, xy };
}

/** y ≈ A x + b; also in coordinates z = (x − mean) / scale: y ≈ S z + mean y. */
export interface AffineMap {
  /** [d × d] as [out, in] */
  readonly weight: Float32Array;
  readonly bias: Float32Array;
  readonly standard: { readonly mean: Float64Array; readonly scale: Float64Array };
}

/**
 * Ridge regression on coordinates of variance one, the minimum of Σ ‖y − S z − mean y‖² + penalty · count · ‖S‖². A
 * coordinate that doesn't vary has no weight. Throws a RangeError on a penalty that isn't above 0.
 */
export function fitAffine({ count, meanX, meanY, xx, xy }: Moments, penalty: number): AffineMap {
  if (!(penalty > 0)) throw new RangeError(`A ridge penalty is above 0; found ${penalty}.`);
  const d = meanX.length;
  const scale = Float64Array.from({ length: d }, (_, i) => Math.sqrt(xx[i * d + i]! / count) || 1);
  const gram = dense(d, d);
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++)
      gram.data[i * d + j] = xx[i * d + j]! / (scale[i]! * scale[j]!) + (i === j ? penalty * count : 0);
  const lower = cholesky(gram);
  const standardWeight = dense(d, d);
  for (let out = 0; out < d; out++) {
    const solution = row(standardWeight, out);
    for (let i = 0; i < d; i++) solution[i] = xy[i * d + out]! / scale[i]!;
    forwardSolve(lower, solution);
    backwardSolve(lower, solution);
  }
  return fromStandard(standardWeight.data, meanY, { mean: meanX, scale });
}

/** The map y = S z + c of coordinates z = (x − mean) / scale, as one of x. */
export function fromStandard(
  weight: ArrayLike<number>,
  constant: ArrayLike<number>,
  standard: AffineMap["standard"],
): AffineMap {
  const { mean, scale } = standard;
  const d = mean.length;
  const bias = new Float32Array(d);
  const own = new Float32Array(d * d);
  for (let out = 0; out < d; out++) {
    let sum = constant[out]!;
    for (let i = 0; i < d; i++) {
      const value = weight[out * d + i]! / scale[i]!;
      own[out * d + i] = value;
      sum -= value * mean[i]!;
    }
    bias[out] = sum;
  }
  return { weight: own, bias, standard };
}

/** The same map in coordinates of variance one: S [d × d] and the constant. */
export function inStandard({ weight, bias, standard: { mean, scale } }: AffineMap): {
  weight: Float32Array;
  constant: Float32Array;
} {
  const d = mean.length;
  const constant = Float32Array.from({ length: d }, (_, out) => {
    let sum = bias[out]!;
    for (let i = 0; i < d; i++) sum += weight[out * d + i]! * mean[i]!;
    return sum;
  });
  return { weight: weight.map((value, at) => value * scale[at % d]!), constant };
}
