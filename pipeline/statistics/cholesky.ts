import { type Dense, dense, dot, row } from "./dense.ts";

/**
 * Lower triangular L with L Lᵀ = A, for a symmetric positive definite A (its lower half is read).
 * @throws RangeError where A is not positive definite.
 */
export function cholesky(a: Dense): Dense {
  const n = a.rows;
  const lower = dense(n, n);
  for (let i = 0; i < n; i++) {
    const to = row(lower, i);
    for (let j = 0; j <= i; j++) {
      const other = row(lower, j);
      const rest = a.data[i * n + j]! - dot(to.subarray(0, j), other.subarray(0, j));
      if (i !== j) to[j] = rest / other[j]!;
      else if (rest > 0) to[j] = Math.sqrt(rest);
      else throw new RangeError(`The matrix isn't positive definite: pivot ${i} of ${n} is ${rest}.`);
    }
  }
  return lower;
}

/** Solves L x = b in place. */
export function forwardSolve(lower: Dense, b: Float64Array): void {
  for (let i = 0; i < lower.rows; i++) {
    const of = row(lower, i);
    b[i] = (b[i]! - dot(of.subarray(0, i), b.subarray(0, i))) / of[i]!;
  }
}

/** Solves Lᵀ x = b in place. */
export function backwardSolve(lower: Dense, b: Float64Array): void {
  for (let i = lower.rows - 1; i >= 0; i--) {
    const of = row(lower, i);
    const x = b[i]! / of[i]!;
    b[i] = x;
    for (let j = 0; j < i; j++) b[j]! -= x * of[j]!;
  }
}

/** Pivoted Cholesky factor of a positive semidefinite matrix: K ≈ F Fᵀ, and F's pivot rows form the triangular `lower`. */
export interface PivotedCholesky {
  /** [n × rank] */
  readonly factor: Dense;
  /** [rank] rows of K chosen as pivots, in order. */
  readonly pivots: Int32Array;
  /** [rank × rank] the pivots' rows of `factor`: lower triangular. */
  readonly lower: Dense;
}

/**
 * Pivoted Cholesky (Higham 2009), stopped where the largest remaining diagonal entry falls under `tolerance` times the
 * largest of K: exact up to rounding for a K of lower rank.
 */
export function pivotedCholesky(k: Dense, tolerance = 1e-13): PivotedCholesky {
  const n = k.rows;
  const rest = Float64Array.from({ length: n }, (_, i) => k.data[i * n + i]!);
  const stop = tolerance * rest.reduce((a, b) => Math.max(a, b), 0);
  const wide = dense(n, n);
  const pivots: number[] = [];
  while (pivots.length < n) {
    const pivot = rest.reduce((best, value, i) => (value > rest[best]! ? i : best), 0);
    if (!(rest[pivot]! > stop)) break;
    const rank = pivots.length;
    const scale = Math.sqrt(rest[pivot]!);
    const of = row(wide, pivot).subarray(0, rank);
    for (let i = 0; i < n; i++) {
      if (rest[i]! === Number.NEGATIVE_INFINITY) continue;
      const value = i === pivot ? scale : (k.data[i * n + pivot]! - dot(row(wide, i).subarray(0, rank), of)) / scale;
      wide.data[i * n + rank] = value;
      rest[i]! -= value * value;
    }
    rest[pivot] = Number.NEGATIVE_INFINITY;
    pivots.push(pivot);
  }
  const rank = pivots.length;
  const factor = dense(n, rank);
  for (let i = 0; i < n; i++) row(factor, i).set(row(wide, i).subarray(0, rank));
  const lower = dense(rank, rank);
  for (let i = 0; i < rank; i++) row(lower, i).set(row(factor, pivots[i]!));
  return { factor, pivots: Int32Array.from(pivots), lower };
}
