import { columnMeans, type Dense, dense, takeRows } from "./dense.ts";
import type { Fold } from "./folds.ts";
import { applyRidge, fitRidge } from "./ridge.ts";

/**
 * Linear classification by ridge regression on one-hot targets, for several tasks on the same examples at once: the costly
 * part (the Gram matrix and its factor) is shared, so that a control task costs next to nothing. Features are standardised
 * on the training part; the penalty is `penalty` × the number of training examples.
 * @param x [examples × features]
 * @param tasks labels 0 … K − 1 of each task, [examples]
 * @returns for each task the class of each example, predicted from the other folds; −1 where no fold tests it.
 */
export function crossPredictTasks(
  x: Dense,
  tasks: readonly ArrayLike<number>[],
  folds: readonly Fold[],
  penalty: number,
): Int32Array[] {
  const classes = tasks.map((labels) => 1 + Math.max(...Array.from(labels)));
  const starts = classes.map((_, t) => classes.slice(0, t).reduce((sum, n) => sum + n, 0));
  const width = classes.reduce((sum, n) => sum + n, 0);
  const predicted = tasks.map(() => new Int32Array(x.rows).fill(-1));
  for (const { train, test } of folds) {
    const { inner, outer } = standardised(takeRows(x, train), takeRows(x, test));
    const targets = dense(train.length, width);
    for (const [t, labels] of tasks.entries())
      for (const [i, example] of train.entries()) targets.data[i * width + starts[t]! + labels[example]!] = 1;
    const scores = applyRidge(fitRidge(inner, targets, penalty * train.length), outer);
    for (const t of tasks.keys())
      for (const [i, example] of test.entries()) {
        let best = 0;
        const score = (c: number) => scores.data[i * width + starts[t]! + c]!;
        for (let c = 1; c < classes[t]!; c++) if (score(c) > score(best)) best = c;
        predicted[t]![example] = best;
      }
  }
  return predicted;
}

function standardised(train: Dense, test: Dense): { inner: Dense; outer: Dense } {
  const mean = columnMeans(train);
  const scale = new Float64Array(train.columns);
  for (let i = 0; i < train.data.length; i++) {
    const j = i % train.columns;
    scale[j]! += (train.data[i]! - mean[j]!) ** 2 / train.rows;
  }
  for (const [j, variance] of scale.entries()) {
    const deviation = Math.sqrt(variance);
    // A constant feature's rounding must not be blown up to 1.
    scale[j] = deviation > 1e-12 * Math.abs(mean[j]!) && deviation > 0 ? deviation : 1;
  }
  const apply = (x: Dense): Dense => {
    for (let i = 0; i < x.data.length; i++) x.data[i] = (x.data[i]! - mean[i % x.columns]!) / scale[i % x.columns]!;
    return x;
  };
  return { inner: apply(train), outer: apply(test) };
}
