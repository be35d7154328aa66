import { type Dense, dense, row, timesTransposed } from "./dense.ts";
import { random } from "./random.ts";
import { combine, orthonormalise, symmetricEigen } from "./spectrum.ts";

/** A sparse matrix by rows (CSR): row i's entries are those from `offsets[i]` to `offsets[i + 1]`. */
export interface Sparse {
  readonly rows: number;
  readonly columns: number;
  readonly offsets: Int32Array;
  /** Column of each entry. */
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

/**
 * A sparse matrix out of entries in any order; entries at one place are added up.
 * @throws RangeError on an entry outside the matrix.
 */
export function sparse(rows: number, columns: number, entries: Iterable<readonly [number, number, number]>): Sparse {
  const byRow: Map<number, number>[] = Array.from({ length: rows }, () => new Map());
  for (const [i, j, value] of entries) {
    const of = byRow[i];
    if (!of || !(j >= 0 && j < columns))
      throw new RangeError(`Entry (${i}, ${j}) is outside a ${rows} × ${columns} matrix.`);
    of.set(j, (of.get(j) ?? 0) + value);
  }
  const offsets = new Int32Array(rows + 1);
  byRow.forEach((of, i) => {
    offsets[i + 1] = offsets[i]! + of.size;
  });
  const indices = new Int32Array(offsets[rows]!);
  const values = new Float64Array(offsets[rows]!);
  byRow.forEach((of, i) => {
    [...of]
      .sort((a, b) => a[0] - b[0])
      .forEach(([j, value], at) => {
        indices[offsets[i]! + at] = j;
        values[offsets[i]! + at] = value;
      });
  });
  return { rows, columns, offsets, indices, values };
}

/** Singular values in descending order; left and right singular vectors as ROWS, [k × rows] and [k × columns]. */
export interface TruncatedSvd {
  readonly values: Float64Array;
  readonly left: Dense;
  readonly right: Dense;
}

/**
 * The k largest singular values of a sparse matrix, by randomised subspace iteration (Halko, Martinsson & Tropp 2011,
 * algorithm 4.4) from a seeded start. Exact up to the decay of the spectrum beyond k + oversampling over the rounds.
 * @param rounds of power iteration; each multiplies by A and Aᵀ once. Default 8.
 */
export function truncatedSvd(a: Sparse, k: number, seed: number, rounds = 8): TruncatedSvd {
  const most = Math.min(a.rows, a.columns);
  if (!(k >= 1 && k <= most))
    throw new RangeError(`Can't take ${k} singular values of a ${a.rows} × ${a.columns} matrix.`);
  const width = Math.min(most, k + Math.max(10, k >> 2));
  const generator = random(seed);
  let right = orthonormalise(
    dense(
      width,
      a.columns,
      Array.from({ length: width * a.columns }, () => generator.normal()),
    ),
  );
  for (let round = 0; round < rounds; round++) right = orthonormalise(fromLeft(a, orthonormalise(fromRight(a, right))));
  // With B = V Aᵀ, A restricted to the subspace: its singular values are the roots of the eigenvalues of B Bᵀ.
  const left = orthonormalise(fromRight(a, right));
  const image = fromLeft(a, left);
  const { values: squares, vectors } = symmetricEigen(timesTransposed(image, image));
  const chosen = Int32Array.from({ length: k }, (_, i) => i);
  const values = Float64Array.from(chosen, (i) => Math.sqrt(Math.max(0, squares[i]!)));
  const scaled = combine(vectors, chosen, image);
  for (let i = 0; i < k; i++) {
    const of = row(scaled, i);
    for (let j = 0; j < of.length; j++) of[j]! /= values[i]! || 1;
  }
  return { values, left: combine(vectors, chosen, left), right: scaled };
}

/** (A vᵀ)ᵀ for each row v of the block: [b × columns] → [b × rows]. */
export function fromRight(a: Sparse, block: Dense): Dense {
  const out = dense(block.rows, a.rows);
  for (let b = 0; b < block.rows; b++) {
    const v = row(block, b);
    const to = row(out, b);
    for (let i = 0; i < a.rows; i++) {
      let sum = 0;
      for (let at = a.offsets[i]!; at < a.offsets[i + 1]!; at++) sum += a.values[at]! * v[a.indices[at]!]!;
      to[i] = sum;
    }
  }
  return out;
}

/** u A for each row u of the block: [b × rows] → [b × columns]. */
export function fromLeft(a: Sparse, block: Dense): Dense {
  const out = dense(block.rows, a.columns);
  for (let b = 0; b < block.rows; b++) {
    const u = row(block, b);
    const to = row(out, b);
    for (let i = 0; i < a.rows; i++) {
      const factor = u[i]!;
      if (factor === 0) continue;
      for (let at = a.offsets[i]!; at < a.offsets[i + 1]!; at++) to[a.indices[at]!]! += factor * a.values[at]!;
    }
  }
  return out;
}
