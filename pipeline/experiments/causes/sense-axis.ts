import type { Dense } from "../../statistics/dense.ts";
import { dense, row, takeRows } from "../../statistics/dense.ts";
import { fitProbe, type ProbeOptions } from "../../statistics/probe.ts";
import { cueFolds, type Item } from "../senses/items.ts";

/** How far a state leans to a sentence's own sense: linear in the state, so that what is written can be added up along it. */
export interface SenseAxis {
  /** [dModel] logit of sense 1 less that of sense 0, by coordinate. */
  readonly direction: Float64Array;
  readonly offset: number;
}

/**
 * For each sentence, the axis of a probe that was fitted on sentences with other cue words.
 * @param x [sentences × dModel] states at the noun
 * @param senses to be fitted; other than the sentences' own for the control of shuffled senses
 */
export function heldOutAxes(
  items: readonly Item[],
  x: Dense,
  senses: ArrayLike<number>,
  folds: number,
  options: ProbeOptions,
  seed: number,
): SenseAxis[] {
  const axes: SenseAxis[] = [];
  for (const { train, test } of cueFolds(items, senses, folds, seed)) {
    const { linear, mean, scale } = fitProbe(
      takeRows(x, train),
      Int32Array.from(train, (i) => senses[i]!),
      options,
    );
    const [zero, one] = [0, 1].map((sense) => row(linear.weights, sense));
    const direction = scale.map((s, j) => (one![j]! - zero![j]!) / s);
    let offset = linear.bias[1]! - linear.bias[0]!;
    for (let j = 0; j < mean.length; j++) offset -= direction[j]! * mean[j]!;
    for (const i of test) axes[i] = { direction, offset };
  }
  return axes;
}

/** Lean of a state to the sense with sign +1 (sense 1) or −1 (sense 0), in the probe's logits. */
export function lean({ direction, offset }: SenseAxis, sign: number, state: ArrayLike<number>, from = 0): number {
  let sum = offset;
  for (let j = 0; j < direction.length; j++) sum += direction[j]! * state[from + j]!;
  return sign * sum;
}

/** The same of a write, which has no offset: what it adds to the lean. */
export function leanOfWrite({ direction }: SenseAxis, sign: number, write: ArrayLike<number>, from = 0): number {
  let sum = 0;
  for (let j = 0; j < direction.length; j++) sum += direction[j]! * write[from + j]!;
  return sign * sum;
}

export const signOf = ({ sense }: Pick<Item, "sense">): number => (sense === 1 ? 1 : -1);

/** [sentences × dModel] from rows. */
export function stack(rows: readonly ArrayLike<number>[]): Dense {
  const out = dense(rows.length, rows[0]!.length);
  rows.forEach((values, i) => {
    out.data.set(values, i * out.columns);
  });
  return out;
}
