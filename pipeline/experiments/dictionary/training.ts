import type { Tensor } from "../../engine/runtime.ts";
import { type Initial, values } from "../../engine/train/initial.ts";
import { drawOf } from "../../engine/train/random.ts";
import type { Recipe } from "../../engine/train/recipe.ts";
import { sampler } from "../../engine/train/sampler.ts";
import { initialState, parametersOf } from "../../engine/train/state.ts";
import type { Batches, Json, Task } from "../../engine/train/task.ts";
import { dictionary } from "../../engine/train/tasks/dictionary.ts";
import type { Rows } from "./collect.ts";

export type Weights = Readonly<Record<string, Tensor>>;

export interface Training {
  readonly epochs: number;
  readonly batch: number;
  /** Peak of the learning rate, times the root of the width that is read: entries of unit directions are as small as that. */
  readonly learningRate: number;
  readonly warmup: number;
}

/** What a dictionary is taught on: standardised rows, and for a transcoder the rows that it is to write. */
export interface Lesson {
  readonly read: Rows;
  readonly written?: Rows;
  readonly features: number;
  readonly k: number;
  readonly seed: number;
}

/**
 * A dictionary with the k largest codes. An autoencoder's encoder starts as the transpose of its decoder, which keeps
 * features alive (Gao et al. 2024, appendix A); a transcoder's two sides are of different spaces and start apart.
 */
export function lessonTask({ read, written, features, k, seed }: Lesson): Task {
  const { width } = read;
  const task = dictionary({ width, ...(written && { to: written.width }), features, sparsity: { k } });
  if (written) return task;
  const decoder = task.parameters["decoder.weight"]!;
  const data = decoder.initial(drawOf(seed, "directions"), decoder.shape);
  const start = (initial: Initial, name: string) => ({ ...task.parameters[name]!, initial });
  return {
    ...task,
    key: { settings: task.key, start: "tied" },
    parameters: {
      ...task.parameters,
      "decoder.weight": start(values(data), "decoder.weight"),
      "encoder.weight": start(values(transposed(data, width, features)), "encoder.weight"),
    },
  };
}

/** [columns, rows] of [rows, columns]. */
function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j]!;
  return out;
}

/** The dictionary as it is before its first step: random directions. */
export const untrained = (lesson: Lesson): Weights => {
  const task = lessonTask(lesson);
  return parametersOf(task, initialState(task, lesson.seed));
};

/**
 * Batches and recipe of a lesson.
 * @param text says which rows they are
 */
export function lessonPlan(
  { read, written, seed }: Lesson,
  { epochs, batch, learningRate, warmup }: Training,
  text: Json,
): { batches: Batches; recipe: Recipe } {
  const rows = read.data.length / read.width;
  const steps = Math.ceil((epochs * rows) / batch);
  const draw = sampler(seed, rows, batch);
  const take = ({ data, width }: Rows, chosen: Int32Array): Tensor => {
    const out = new Float32Array(chosen.length * width);
    for (const [i, row] of chosen.entries()) out.set(data.subarray(row * width, (row + 1) * width), i * width);
    return { type: "float32", shape: [chosen.length, width], data: out };
  };
  return {
    batches: {
      key: { text, rows, batch, seed },
      at(step) {
        const chosen = draw(step);
        return { x: take(read, chosen), ...(written && { y: take(written, chosen) }) };
      },
    },
    recipe: {
      seed,
      steps,
      learningRate: { shape: "cosine", peak: learningRate / Math.sqrt(read.width), steps, warmup },
    },
  };
}
