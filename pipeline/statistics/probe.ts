import { backwardSolve, pivotedCholesky } from "./cholesky.ts";
import { addScaled, columnMeans, type Dense, dense, dot, row, takeRows, timesTransposed } from "./dense.ts";
import type { Fold } from "./folds.ts";
import { fitSoftmax, logits, type Softmax, softmaxRows } from "./logistic.ts";

/** A linear classifier on standardised features. */
export interface Probe {
  /** [features] mean and standard deviation of the training examples; a feature that doesn't vary has scale 1. */
  readonly mean: Float64Array;
  readonly scale: Float64Array;
  /** Weights [classes × features] and biases on the standardised features. */
  readonly linear: Softmax;
}

export interface ProbeOptions {
  /** `logistic` (default) or `centroid`: the class whose mean is nearest. */
  kind?: "logistic" | "centroid";
  /** Penalty λ of logistic regression, loss summed over examples + λ/2 ‖W‖²: scikit-learn's 1/C. Default 1. */
  penalty?: number;
}

/**
 * Fits a probe on examples [examples × features] with classes 0 … K − 1. Features are standardised on these examples.
 * Logistic regression matches scikit-learn's `LogisticRegression(C=1/penalty)`: with two classes one weight vector is
 * penalised (the difference of the two), with more each class's.
 * @throws RangeError on labels that don't fit, fewer than two classes, or features that are not finite.
 */
export function fitProbe(x: Dense, labels: ArrayLike<number>, options: ProbeOptions = {}): Probe {
  const { kind = "logistic", penalty = 1 } = options;
  const classes = countClasses(x, labels);
  const { mean, scale, standardised } = standardise(x);
  const linear =
    kind === "centroid" ? centroids(standardised, labels, classes) : regression(standardised, labels, classes, penalty);
  return { mean, scale, linear };
}

/** Class of each example, [examples]; of equals the lowest. */
export function predict(probe: Probe, x: Dense): Int32Array {
  const scores = logits(probe.linear, rescale(x, probe.mean, probe.scale));
  return Int32Array.from({ length: x.rows }, (_, i) => {
    const of = row(scores, i);
    let best = 0;
    for (let c = 1; c < of.length; c++) if (of[c]! > of[best]!) best = c;
    return best;
  });
}

/** [examples × classes] probabilities; meaningful for logistic regression. */
export function probabilities(probe: Probe, x: Dense): Dense {
  const scores = logits(probe.linear, rescale(x, probe.mean, probe.scale));
  softmaxRows(scores);
  return scores;
}

/**
 * Predicts each example with a probe trained on the other folds.
 * @returns [examples] predicted classes, −1 for an example that is in no fold's test part.
 */
export function crossPredict(
  x: Dense,
  labels: ArrayLike<number>,
  folds: readonly Fold[],
  options: ProbeOptions = {},
): Int32Array {
  const predicted = new Int32Array(x.rows).fill(-1);
  for (const { train, test } of folds) {
    const probe = fitProbe(
      takeRows(x, train),
      Int32Array.from(train, (i) => labels[i]!),
      options,
    );
    predict(probe, takeRows(x, test)).forEach((label, i) => {
      predicted[test[i]!] = label;
    });
  }
  return predicted;
}

function countClasses(x: Dense, labels: ArrayLike<number>): number {
  if (labels.length !== x.rows) throw new RangeError(`${x.rows} examples, but ${labels.length} labels.`);
  let classes = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!Number.isInteger(label) || label < 0) throw new RangeError(`Label ${i} is ${label}; expected 0, 1, 2, ….`);
    classes = Math.max(classes, label + 1);
  }
  if (new Set(Array.from(labels)).size < 2)
    throw new RangeError("A probe needs training examples of at least two classes.");
  return classes;
}

function standardise(x: Dense): { mean: Float64Array; scale: Float64Array; standardised: Dense } {
  const mean = columnMeans(x);
  const scale = new Float64Array(x.columns);
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < x.columns; j++) scale[j]! += (x.data[i * x.columns + j]! - mean[j]!) ** 2 / x.rows;
  }
  for (let j = 0; j < x.columns; j++) {
    const deviation = Math.sqrt(scale[j]!);
    if (!Number.isFinite(deviation)) throw new RangeError(`Feature ${j} holds values that are not finite numbers.`);
    // Rounding gives a constant feature a deviation of 1e-17 or so of its size: it must not be blown up to 1.
    scale[j] = deviation > 1e-12 * Math.abs(mean[j]!) && deviation > 0 ? deviation : 1;
  }
  return { mean, scale, standardised: rescale(x, mean, scale) };
}

function rescale(x: Dense, mean: Float64Array, scale: Float64Array): Dense {
  if (x.columns !== mean.length)
    throw new RangeError(`The probe was fitted on ${mean.length} features; found ${x.columns}.`);
  const out = dense(x.rows, x.columns);
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0, at = i * x.columns; j < x.columns; j++, at++) out.data[at] = (x.data[at]! - mean[j]!) / scale[j]!;
  }
  return out;
}

/** Nearest centroid as a linear classifier: ‖x − m‖² is least where m·x − ‖m‖²/2 is greatest. */
function centroids(x: Dense, labels: ArrayLike<number>, classes: number): Softmax {
  const weights = dense(classes, x.columns);
  const counts = new Int32Array(classes);
  for (let i = 0; i < x.rows; i++) {
    counts[labels[i]!]!++;
    addScaled(row(weights, labels[i]!), row(x, i), 1);
  }
  const bias = new Float64Array(classes);
  for (let c = 0; c < classes; c++) {
    const centre = row(weights, c);
    for (let j = 0; j < centre.length; j++) centre[j]! /= counts[c]!;
    bias[c] = counts[c] ? -dot(centre, centre) / 2 : Number.NEGATIVE_INFINITY;
    if (counts[c] === 0) centre.fill(0);
  }
  return { weights, bias };
}

/**
 * Where there are more features than examples, the best weights lie in the span of the examples (representer theorem):
 * fit in an orthonormal basis of that span, where the problem has at most as many features as examples, and map back.
 */
function regression(x: Dense, labels: ArrayLike<number>, classes: number, penalty: number): Softmax {
  // Two classes: w₁ = −w₀ = u is penalised by 2‖u‖², the one vector w = 2u of binary regression by ‖w‖² = 4‖u‖².
  const each = classes === 2 ? 2 * penalty : penalty;
  if (x.rows >= x.columns) return fitSoftmax(x, labels, classes, each);
  const { factor, pivots, lower } = pivotedCholesky(timesTransposed(x, x));
  const { weights: inner, bias } = fitSoftmax(factor, labels, classes, each);
  const weights = dense(classes, x.columns);
  for (let c = 0; c < classes; c++) {
    const share = row(inner, c).slice();
    backwardSolve(lower, share);
    for (let i = 0; i < pivots.length; i++) addScaled(row(weights, c), row(x, pivots[i]!), share[i]!);
  }
  return { weights, bias };
}
