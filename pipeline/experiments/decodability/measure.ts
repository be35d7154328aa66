import type { LanguageModel } from "../../engine/run/language-model.ts";
import { residualDepths } from "../../engine/tails/logit-lens.ts";
import { type Dense, dense, takeRows } from "../../statistics/dense.ts";
import type { Fold } from "../../statistics/folds.ts";
import { loudRows } from "../../statistics/loud-rows.ts";
import { crossPredictTasks } from "../../statistics/ridge-classifier.ts";
import { controlLabels } from "../../statistics/selectivity.ts";
import type { Reading, Task } from "./examples.ts";

/** Sums over the examples of each passage, by attribute: [passages][depths]. */
export interface Tally {
  /** Right on the task. */
  readonly task: Record<string, number[][]>;
  /** Right on the control tasks, mean over their draws. */
  readonly control: Record<string, number[][]>;
}

export interface TallyOptions {
  /** Per example. */
  readonly penalty: number;
  /** Draws of the control labels. */
  readonly controls: number;
  readonly seed: number;
}

/** Residual streams at the examples of each task: [task][depth], [examples × dModel]. */
export async function vectors(
  model: LanguageModel,
  readings: readonly Reading[],
  tasks: readonly Task[],
  depths: readonly number[],
  signal?: AbortSignal,
): Promise<Dense[][]> {
  const width = model.config.dModel;
  const names = residualDepths(model.config.nLayers);
  const points = depths.map((depth) => names[depth]!);
  const out = tasks.map(({ examples }) => depths.map(() => dense(examples.length, width)));
  const wanted = tasks.map(({ examples }) => Map.groupBy(examples.keys(), (e) => examples[e]!.passage));
  const sequences = readings.map(({ ids }) => ids);
  for await (const { indices, tokens, outputs } of model.run(sequences, { points, batch: 8 }, signal)) {
    for (const [d, point] of points.entries()) {
      const data = outputs[point]!.data as Float32Array;
      for (const [row, passage] of indices.entries())
        for (const [t, task] of tasks.entries())
          for (const e of wanted[t]!.get(passage) ?? []) {
            const at = (row * tokens + task.examples[e]!.token) * width;
            out[t]![d]!.data.set(data.subarray(at, at + width), e * width);
          }
    }
  }
  return out;
}

/** A task without the examples at attention sinks: those whose stream at any depth past the embedding is many times longer than the median. */
export function withoutSinks(task: Task, x: readonly Dense[], factor: number): { task: Task; x: Dense[] } {
  const loud = new Set(x.slice(1).flatMap((matrix) => loudRows(matrix, factor)));
  const kept = Int32Array.from([...task.examples.keys()].filter((e) => !loud.has(e)));
  return {
    task: { ...task, examples: Array.from(kept, (e) => task.examples[e]!) },
    x: x.map((matrix) => takeRows(matrix, kept)),
  };
}

/** Examples tested in each fold are those of its passages. */
export const foldsOf = ({ examples }: Task, side: ArrayLike<number>): Fold[] =>
  [0, 1].map((fold) => {
    const all = [...examples.keys()];
    const held = (e: number) => side[examples[e]!.passage] === fold;
    return { train: Int32Array.from(all.filter((e) => !held(e))), test: Int32Array.from(all.filter(held)) };
  });

/** Held-out hits of ridge probes on each attribute and on its control tasks, passage by passage. */
export function tally(
  tasks: readonly Task[],
  xs: readonly (readonly Dense[])[],
  side: ArrayLike<number>,
  { penalty, controls, seed }: TallyOptions,
): Tally {
  const found: Tally = { task: {}, control: {} };
  for (const [t, task] of tasks.entries()) {
    const folds = foldsOf(task, side);
    const types = task.examples.map(({ type }) => type);
    const truths = task.attributes.map((_, a) => task.examples.map(({ labels }) => labels[a]!));
    const dealt = truths.map((labels, a) =>
      Array.from({ length: controls }, (_, c) => controlLabels(types, labels, seed + 100 * a + c)),
    );
    for (const name of task.attributes) {
      found.task[name] = zeros(side.length, xs[t]!.length);
      found.control[name] = zeros(side.length, xs[t]!.length);
    }
    for (const [d, x] of xs[t]!.entries()) {
      const answers = crossPredictTasks(x, [...truths, ...dealt.flat()], folds, penalty);
      for (const [a, name] of task.attributes.entries())
        for (const [e, { passage }] of task.examples.entries()) {
          if (answers[a]![e] === truths[a]![e]) found.task[name]![passage]![d]!++;
          for (const [c, labels] of dealt[a]!.entries())
            if (answers[truths.length + a * controls + c]![e] === labels[e])
              found.control[name]![passage]![d]! += 1 / controls;
        }
    }
  }
  return found;
}

const zeros = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
