import type { Prompts } from "../../artifacts/content/prompts/prompts.ts";
import { dense } from "../../statistics/dense.ts";
import type { Damage } from "./profiles.ts";

/** One prompt with a right and a wrong continuation. */
export interface Item {
  readonly id: string;
  readonly prompt: string;
  readonly answer: string;
  readonly foil: string;
}

/** Items of one task; those of one frame (both numbers, both orders, both words of a pair) stand beside each other. */
export interface Task {
  readonly id: string;
  readonly title: string;
  readonly frames: readonly (readonly Item[])[];
}

/** How many consecutive items share a frame. */
const FRAME: Readonly<Record<string, number>> = { "indirect-object": 4 };
const PAIR = 2;

/**
 * Of each task the first `frames` frames all of whose items are usable. Throws on prompts of another kind.
 * @param usable whether a model's tokenizer can tell an item's answer from its foil
 */
export function tasksOf(prompts: Prompts, frames: number, usable: (item: Item) => boolean): Task[] {
  if (prompts.kind !== "tasks") throw new Error(`The prompt set is of kind "${prompts.kind}"; expected "tasks".`);
  return prompts.tasks.map(({ id, title, items: all }) => {
    const size = FRAME[id] ?? PAIR;
    const every = Array.from({ length: Math.ceil(all.length / size) }, (_, f) => all.slice(f * size, (f + 1) * size));
    return { id, title, frames: every.filter((frame) => frame.every(usable)).slice(0, frames) };
  });
}

/** Where each task's items begin in the flat order of all items. */
export const firstItems = (tasks: readonly Task[]): number[] => {
  let at = 0;
  return tasks.map(({ frames }) => {
    const first = at;
    at += frames.reduce((sum, frame) => sum + frame.length, 0);
    return first;
  });
};

/**
 * Damage of the kept tasks by frame: (clean margin − ablated margin) / the task's mean clean margin, so that 1 is the loss
 * of all that the task had.
 * @param clean [items] @param ablated [items × sublayers], items in the flat order of all tasks
 */
export function damageOf(
  tasks: readonly Task[],
  kept: readonly number[],
  clean: Float64Array,
  ablated: Float64Array,
): Damage {
  const sublayers = ablated.length / clean.length;
  const first = firstItems(tasks);
  const frames = kept.flatMap((t, k) => tasks[t]!.frames.map((frame) => ({ k, t, size: frame.length })));
  const sums = dense(frames.length, sublayers);
  const at = new Map(kept.map((t) => [t, first[t]!]));
  frames.forEach(({ t, size }, f) => {
    const count = tasks[t]!.frames.reduce((sum, frame) => sum + frame.length, 0);
    const scale = clean.subarray(first[t]!, first[t]! + count).reduce((x, y) => x + y, 0) / count;
    for (let i = at.get(t)!; i < at.get(t)! + size; i++)
      for (let s = 0; s < sublayers; s++)
        sums.data[f * sublayers + s]! += (clean[i]! - ablated[i * sublayers + s]!) / scale;
    at.set(t, at.get(t)! + size);
  });
  return { sums, items: Int32Array.from(frames, ({ size }) => size), tasks: Int32Array.from(frames, ({ k }) => k) };
}
