import { cholesky, forwardSolve } from "../../statistics/cholesky.ts";
import { type Dense, dense, row, timesTransposed } from "../../statistics/dense.ts";
import { ranks } from "../../statistics/rank.ts";
import { type Eigen, symmetricEigen } from "../../statistics/spectrum.ts";

/**
 * Eigenvectors of the centred Gram matrix of word vectors: vectors of length words, by rows, largest eigenvalue first.
 * @param vectors [words × width]
 * @param without a quantity by word (log frequency) that is regressed out of every coordinate first
 */
export function gramEigen(vectors: Dense, without?: ArrayLike<number>): Eigen {
  const centred = dense(vectors.rows, vectors.columns, vectors.data);
  removeFrom(centred, new Float64Array(vectors.rows).fill(1));
  if (without) {
    const direction = Float64Array.from(without);
    const mean = direction.reduce((x, y) => x + y, 0) / direction.length;
    removeFrom(
      centred,
      direction.map((value) => value - mean),
    );
  }
  return symmetricEigen(timesTransposed(centred, centred));
}

/** Takes the part along `direction`, [words], out of every column. */
function removeFrom(matrix: Dense, direction: Float64Array): void {
  const square = direction.reduce((sum, value) => sum + value * value, 0);
  const along = new Float64Array(matrix.columns);
  for (let i = 0; i < matrix.rows; i++)
    row(matrix, i).forEach((value, j) => {
      along[j]! += (value * direction[i]!) / square;
    });
  for (let i = 0; i < matrix.rows; i++) {
    const of = row(matrix, i);
    for (let j = 0; j < of.length; j++) of[j]! -= along[j]! * direction[i]!;
  }
}

/** The first k eigenvectors, [k × words]. */
export const leading = ({ vectors }: Eigen, k: number): Dense =>
  dense(k, vectors.columns, vectors.data.subarray(0, k * vectors.columns));

/**
 * Overlap of two subspaces of word space where words weigh as given: the mean squared canonical correlation, which for
 * equal weights and orthonormal rows is ‖U Vᵀ‖²_F / k.
 * @param u [k × words] @param v [k × words]
 */
export function weightedOverlap(u: Dense, v: Dense, weights: ArrayLike<number>): number {
  const lu = cholesky(innerProducts(u, u, weights));
  const lv = cholesky(innerProducts(v, v, weights));
  const cross = innerProducts(u, v, weights);
  const k = u.rows;
  // X = Lu⁻¹ C Lv⁻ᵀ: first the columns of C, then the rows of what comes out.
  const column = new Float64Array(k);
  for (let j = 0; j < k; j++) {
    for (let i = 0; i < k; i++) column[i] = cross.data[i * k + j]!;
    forwardSolve(lu, column);
    for (let i = 0; i < k; i++) cross.data[i * k + j] = column[i]!;
  }
  let sum = 0;
  for (let i = 0; i < k; i++) {
    const of = row(cross, i);
    forwardSolve(lv, of);
    for (const value of of) sum += value * value;
  }
  return sum / k;
}

function innerProducts(u: Dense, v: Dense, weights: ArrayLike<number>): Dense {
  const out = dense(u.rows, v.rows);
  const weighted = new Float64Array(u.columns);
  for (let i = 0; i < u.rows; i++) {
    const of = row(u, i);
    for (let w = 0; w < weighted.length; w++) weighted[w] = of[w]! * weights[w]!;
    for (let j = u === v ? i : 0; j < v.rows; j++) {
      const other = row(v, j);
      let sum = 0;
      for (let w = 0; w < weighted.length; w++) sum += weighted[w]! * other[w]!;
      out.data[i * v.rows + j] = sum;
      if (u === v) out.data[j * v.rows + i] = sum;
    }
  }
  return out;
}

/** Distances between all pairs of words (i < j) in the principal coordinates of ranks `from` to `to`, exclusive. */
export function bandDistances({ values, vectors }: Eigen, from: number, to: number): Float64Array {
  const words = vectors.columns;
  const out = new Float64Array((words * (words - 1)) / 2);
  for (let r = from; r < to; r++) {
    const of = row(vectors, r);
    const value = Math.max(0, values[r]!);
    for (let i = 0, at = 0; i < words; i++)
      for (let j = i + 1; j < words; j++, at++) out[at]! += value * (of[i]! - of[j]!) ** 2;
  }
  return out.map(Math.sqrt);
}

/** Ranks of pairs, centred and of variance 1. */
export function standardRanks(distances: ArrayLike<number>): Float64Array {
  const found = ranks(distances);
  const mean = (found.length + 1) / 2;
  const deviation = Math.sqrt(found.reduce((sum, r) => sum + (r - mean) ** 2, 0) / found.length);
  return found.map((r) => (deviation > 0 ? (r - mean) / deviation : 0));
}

/** Weight of each pair i < j: the product of its words' weights. */
export function pairWeights(weights: ArrayLike<number>): Float64Array {
  const words = weights.length;
  const out = new Float64Array((words * (words - 1)) / 2);
  for (let i = 0, at = 0; i < words; i++) for (let j = i + 1; j < words; j++, at++) out[at] = weights[i]! * weights[j]!;
  return out;
}

/** Weighted correlation of two lists over pairs, all or those given. */
export function weightedCorrelation(
  x: Float64Array,
  y: Float64Array,
  weights: Float64Array,
  pairs?: readonly number[],
): number {
  let [n, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0];
  const count = pairs?.length ?? x.length;
  for (let at = 0; at < count; at++) {
    const i = pairs ? pairs[at]! : at;
    const w = weights[i]!;
    if (w === 0) continue;
    const wx = w * x[i]!;
    const wy = w * y[i]!;
    n += w;
    sx += wx;
    sy += wy;
    sxx += wx * x[i]!;
    syy += wy * y[i]!;
    sxy += wx * y[i]!;
  }
  return (sxy - (sx * sy) / n) / Math.sqrt((sxx - (sx * sx) / n) * (syy - (sy * sy) / n));
}

/** Correlation of x and y with z held constant, from the three plain ones. */
export const partial = (xy: number, xz: number, yz: number): number =>
  (xy - xz * yz) / Math.sqrt((1 - xz ** 2) * (1 - yz ** 2));
