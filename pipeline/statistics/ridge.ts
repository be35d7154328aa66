import { backwardSolve, cholesky, forwardSolve } from "./cholesky.ts";
import { addScaled, columnMeans, type Dense, dense, row, times, timesTransposed, transpose } from "./dense.ts";

/** A linear map fitted by ridge regression: y ≈ weightsᵀ x + intercept. */
export interface Ridge {
  /** [features × outputs] */
  readonly weights: Dense;
  /** [outputs] */
  readonly intercept: Float64Array;
}

/**
 * Ridge regression in closed form, the minimum of ‖Y − X W − b‖² + penalty ‖W‖², intercept not penalised (scikit-learn's
 * `Ridge(alpha=penalty)`): (XᵀX + λI)⁻¹XᵀY, or Xᵀ(XXᵀ + λI)⁻¹Y where there are fewer examples than features.
 * @param x [examples × features]
 * @param y [examples × outputs]
 * @throws RangeError on a penalty that isn't above 0, or numbers of examples that differ.
 */
export function fitRidge(x: Dense, y: Dense, penalty: number): Ridge {
  if (x.rows !== y.rows) throw new RangeError(`${x.rows} examples, but ${y.rows} rows of targets.`);
  if (!(penalty > 0)) throw new RangeError(`A ridge penalty is above 0; found ${penalty}.`);
  const meanX = columnMeans(x);
  const meanY = columnMeans(y);
  const centredX = subtract(x, meanX);
  const centredY = subtract(y, meanY);
  const dual = x.rows < x.columns;
  const across = transpose(centredX);
  const gram = dual ? timesTransposed(centredX, centredX) : timesTransposed(across, across);
  for (let i = 0; i < gram.rows; i++) gram.data[i * gram.rows + i]! += penalty;
  const solved = solve(cholesky(gram), dual ? centredY : times(across, centredY));
  const weights = dual ? times(across, solved) : solved;
  const intercept = meanY.slice();
  for (let j = 0; j < x.columns; j++) addScaled(intercept, row(weights, j), -meanX[j]!);
  return { weights, intercept };
}

/** [examples × outputs] */
export function applyRidge({ weights, intercept }: Ridge, x: Dense): Dense {
  const out = times(x, weights);
  for (let i = 0; i < out.rows; i++) addScaled(row(out, i), intercept, 1);
  return out;
}

function subtract(a: Dense, means: Float64Array): Dense {
  const out = dense(a.rows, a.columns, a.data);
  for (let i = 0; i < out.rows; i++) addScaled(row(out, i), means, -1);
  return out;
}

/** Solves L Lᵀ X = B for each column of B. */
function solve(lower: Dense, b: Dense): Dense {
  const columns = transpose(b);
  for (let k = 0; k < columns.rows; k++) {
    forwardSolve(lower, row(columns, k));
    backwardSolve(lower, row(columns, k));
  }
  return transpose(columns);
}
