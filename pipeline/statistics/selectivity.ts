import type { Dense } from "./dense.ts";
import type { Fold } from "./folds.ts";
import { crossPredict, type ProbeOptions } from "./probe.ts";
import { random } from "./random.ts";
import { accuracy } from "./scores.ts";

/**
 * Labels of a control task: each type (word form) gets one random label, drawn from the distribution that the labels
 * have over examples, and every example of the type has it (Hewitt & Liang 2019, section 2).
 * @throws RangeError where all types came out with one label: there's nothing to learn; take another seed.
 */
export function controlLabels(types: ArrayLike<string | number>, labels: ArrayLike<number>, seed: number): Int32Array {
  if (types.length !== labels.length) throw new RangeError(`${types.length} types, but ${labels.length} labels.`);
  const generator = random(seed);
  const given = new Map<string | number, number>();
  const control = Int32Array.from(labels, (_, i) => {
    const type = types[i]!;
    if (!given.has(type)) given.set(type, labels[generator.int(labels.length)]!);
    return given.get(type)!;
  });
  if (new Set(given.values()).size < 2) {
    throw new RangeError(`All ${given.size} types of the control task drew the same label: take another seed.`);
  }
  return control;
}

export interface Selectivity {
  /** Held-out accuracy on the task and on the control task. */
  readonly task: number;
  readonly control: number;
  /** task − control. */
  readonly selectivity: number;
}

/**
 * Selectivity of a probe: what it gains on the task over what it can memorise by type. The folds have to leave types on
 * both sides (examples, not types, held out), or the control task is at chance for any probe.
 */
export function selectivity(
  x: Dense,
  labels: ArrayLike<number>,
  types: ArrayLike<string | number>,
  folds: readonly Fold[],
  seed: number,
  options: ProbeOptions = {},
): Selectivity {
  const random = controlLabels(types, labels, seed);
  const task = accuracy(labels, crossPredict(x, labels, folds, options));
  const control = accuracy(random, crossPredict(x, random, folds, options));
  return { task, control, selectivity: task - control };
}
