import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { addScaled, type Dense, dense, dot, row, timesTransposed } from "./dense.ts";
import { random } from "./random.ts";

/** Eigenvalues in descending order, and the eigenvectors as the ROWS of a matrix [count × size], each of norm 1. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Dense;
}

/**
 * All eigenvalues and eigenvectors of a symmetric matrix (ml-matrix: Householder, implicit QL). A vector's sign is chosen
 * so that its largest entry is positive. Cubic in the size: about a second at 600.
 * @throws RangeError on a matrix that isn't square and symmetric.
 */
export function symmetricEigen(a: Dense): Eigen {
  const n = a.rows;
  requireSymmetric(a);
  const found = new EigenvalueDecomposition(new Matrix(Array.from({ length: n }, (_, i) => Array.from(row(a, i)))), {
    assumeSymmetric: true,
  });
  const order = Int32Array.from({ length: n }, (_, i) => i);
  order.sort((i, j) => found.realEigenvalues[j]! - found.realEigenvalues[i]!);
  const vectors = dense(n, n);
  order.forEach((from, to) => {
    row(vectors, to).set(found.eigenvectorMatrix.getColumn(from));
  });
  vectors.data.set(signed(vectors).data);
  return { values: Float64Array.from(order, (i) => found.realEigenvalues[i]!), vectors };
}

/**
 * The k eigenvalues of largest size of a symmetric operator, by subspace iteration with Rayleigh–Ritz steps from a seeded
 * start (Halko, Martinsson & Tropp 2011). For large matrices, and ones known only by their products.
 * @param product of the operator with a block of vectors, one a row: [block × size] → [block × size]
 * @returns them by descending size |λ|, for a positive semidefinite operator the same as by value
 * @throws Error where the values don't settle to 1e-10 of the largest within 300 rounds.
 */
export function topEigen(product: (block: Dense) => Dense, size: number, k: number, seed: number): Eigen {
  if (!(k >= 1 && k <= size)) throw new RangeError(`Can't take ${k} eigenvalues of a matrix of size ${size}.`);
  const width = Math.min(size, 2 * k + 8);
  const generator = random(seed);
  let basis = orthonormalise(
    dense(
      width,
      size,
      Array.from({ length: width * size }, () => generator.normal()),
    ),
  );
  let before = new Float64Array(k);
  for (let round = 0; round < 300; round++) {
    const image = product(basis);
    const small = timesTransposed(basis, image);
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < i; j++) {
        const middle = (small.data[i * width + j]! + small.data[j * width + i]!) / 2;
        small.data[i * width + j] = small.data[j * width + i] = middle;
      }
    }
    const ritz = symmetricEigen(small);
    const order = Int32Array.from({ length: width }, (_, i) => i);
    order.sort((i, j) => Math.abs(ritz.values[j]!) - Math.abs(ritz.values[i]!));
    const values = Float64Array.from(order.subarray(0, k), (i) => ritz.values[i]!);
    const vectors = combine(ritz.vectors, order.subarray(0, k), basis);
    const images = combine(ritz.vectors, order.subarray(0, k), image);
    const largest = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
    // Values settle as the square of the vectors' error: ask for the residual, which is what the vectors are off by.
    const settled = values.every((value, i) => {
      const residual = row(images, i).map((v, j) => v - value * row(vectors, i)[j]!);
      return (
        Math.sqrt(dot(residual, residual)) <= 1e-9 * largest ||
        (round > 100 && Math.abs(value - before[i]!) <= 1e-13 * largest)
      );
    });
    if (settled) return { values, vectors: signed(vectors) };
    before = values;
    basis = orthonormalise(image);
  }
  throw new Error(
    `The ${k} largest eigenvalues didn't settle within 300 rounds: ask for a number at which there is a gap.`,
  );
}

/**
 * Overlap ‖U₁ U₂ᵀ‖²_F / k of two subspaces of one dimension k: 1 for the same, k/size expected for random ones.
 * @param a [k × size] orthonormal rows, as {@link Eigen} has them
 */
export function subspaceOverlap(a: Dense, b: Dense): number {
  if (a.rows !== b.rows || a.columns !== b.columns) {
    throw new RangeError(
      `An overlap of subspaces of ${a.rows} and ${b.rows} dimensions in ${a.columns} and ${b.columns}.`,
    );
  }
  const inner = timesTransposed(a, b).data;
  return dot(inner, inner) / a.rows;
}

/** Rows made orthonormal (modified Gram–Schmidt, twice, which is enough). A row that depends on the others becomes zero. */
export function orthonormalise(block: Dense): Dense {
  const out = dense(block.rows, block.columns, block.data);
  for (let i = 0; i < out.rows; i++) {
    const of = row(out, i);
    const whole = Math.sqrt(dot(of, of));
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) addScaled(of, row(out, j), -dot(of, row(out, j)));
    }
    const norm = Math.sqrt(dot(of, of));
    const factor = norm > 1e-12 * whole ? 1 / norm : 0;
    for (let j = 0; j < of.length; j++) of[j]! *= factor;
  }
  return out;
}

/** The chosen rows of `weights` times `block`. */
export function combine(weights: Dense, chosen: Int32Array, block: Dense): Dense {
  const out = dense(chosen.length, block.columns);
  chosen.forEach((from, i) => {
    for (let j = 0; j < block.rows; j++)
      addScaled(row(out, i), row(block, j), weights.data[from * weights.columns + j]!);
  });
  return out;
}

function signed(vectors: Dense): Dense {
  const out = dense(vectors.rows, vectors.columns, vectors.data);
  for (let i = 0; i < out.rows; i++) {
    const of = row(out, i);
    const largest = of.reduce((most, value) => (Math.abs(value) > Math.abs(most) * (1 + 1e-9) ? value : most), 0);
    if (largest < 0) for (let j = 0; j < of.length; j++) of[j] = -of[j]!;
  }
  return out;
}

function requireSymmetric({ rows: n, columns, data }: Dense): void {
  if (n !== columns) throw new RangeError(`Eigenvalues need a square matrix; found ${n} × ${columns}.`);
  const scale = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const apart = Math.abs(data[i * n + j]! - data[j * n + i]!);
      if (!(apart <= 1e-9 * scale))
        throw new RangeError(`The matrix isn't symmetric: entries (${i}, ${j}) and (${j}, ${i}) are ${apart} apart.`);
    }
  }
}
