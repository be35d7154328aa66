import type { Estimate } from "../../artifacts/schema.ts";
import { derive, drawRatios, drawStatistic, type Interval, intervals } from "../../statistics/bootstrap.ts";
import { centred } from "../../statistics/centred-draws.ts";
import { firstItems, type Task } from "./items.ts";
import { type Agreement, agreement, type Damage, halvings, shuffledTasks } from "./profiles.ts";

export interface Sampling {
  readonly resamples: number;
  readonly splits: number;
  readonly shuffles: number;
}

/** Accuracy of one task: share of items whose answer is likelier than the foil. */
export interface Baseline {
  readonly model: Interval;
  readonly random: Interval;
  readonly difference: Interval;
  readonly frames: number;
  readonly items: number;
  readonly meanMargin: number;
}

/** @param clean margins of all items @param random share of random models right, by item */
export function baselineOf(
  task: Task,
  index: number,
  all: readonly Task[],
  clean: Float64Array,
  random: Float64Array,
  resamples: number,
  seed: number,
): Baseline {
  let at = firstItems(all)[index]!;
  const start = at;
  const right = task.frames.flatMap((frame) => {
    let [model, control] = [0, 0];
    for (const _ of frame) {
      model += Number(clean[at]! > 0);
      control += random[at]!;
      at++;
    }
    return [model, control];
  });
  const draws = drawRatios(
    right,
    task.frames.map((frame) => frame.length),
    2,
    { resamples, seed },
  );
  const [model, control, difference] = intervals(derive(draws, ([m, r]) => [m!, r!, m! - r!]));
  const margins = clean.subarray(start, at);
  return {
    model: model!,
    random: control!,
    difference: difference!,
    frames: task.frames.length,
    items: margins.length,
    meanMargin: margins.reduce((x, y) => x + y, 0) / margins.length,
  };
}

/** Ids of the estimates of one task's accuracy: its own, under random weights, and their difference. */
export const accuracyIds = ({ id }: Pick<Task, "id">): [own: string, control: string, difference: string] => [
  `accuracy-${id}`,
  `accuracy-${id}-random`,
  `accuracy-${id}-beyond-random`,
];

export function accuracyEstimates(tasks: readonly Task[], baselines: readonly Baseline[]): Estimate[] {
  return tasks.flatMap((task, t) => {
    const { title } = task;
    const [id, control, beyond] = accuracyIds(task);
    const { model, random, difference, frames, items } = baselines[t]!;
    const common = { level: 0.95, n: frames, per: "frame", unit: "share", tolerance: 0.05 };
    const method = `share of ${items} items whose answer has a higher logit than its foil, by the first token of each; bootstrap over frames`;
    return [
      {
        ...common,
        ...model,
        id,
        label: `Accuracy: ${title}`,
        method,
        control,
        difference: beyond,
      },
      { ...common, ...random, id: control, label: `Accuracy with random weights: ${title}`, method },
      {
        ...common,
        ...difference,
        id: beyond,
        label: `Accuracy beyond random weights: ${title}`,
        method: `${method}, paired`,
      },
    ];
  });
}

const NAMED: readonly [keyof Agreement | "specificity" | "core", string, string, string][] = [
  ["within", "profile-agreement-within", "Agreement of damage profiles, two halves of one task", "rank correlation"],
  ["between", "profile-agreement-between", "Agreement of damage profiles, halves of two tasks", "rank correlation"],
  ["specificity", "profile-specificity", "Agreement within a task minus between tasks", "rank correlation"],
  ["specificShare", "specific-share", "Share of the damage's variance that belongs to single tasks", "share"],
  ["core", "specific-share-without-block-0", "That share with block 0 left out", "share"],
  [
    "doubleDissociation",
    "double-dissociation",
    "Selective damage both ways, on held-out items",
    "share of clean margin",
  ],
];

const shuffledIds = (id: string) => ({ control: `${id}-shuffled`, difference: `${id}-beyond-shuffled` });

/** Ids of what {@link agreementEstimates} gives. */
export const agreementIds = (): string[] => NAMED.flatMap(([, id]) => [id, ...Object.values(shuffledIds(id))]);

/** Estimates over the kept tasks with their shuffled-label controls and paired differences; frames are resampled. */
export function agreementEstimates(
  damage: Damage,
  { resamples, splits, shuffles }: Sampling,
  seed: number,
): Estimate[] {
  const every = Array.from({ length: damage.sums.columns }, (_, s) => s);
  // Both sublayers of block 0 stand first in order of computation; they hurt everything.
  const core = every.slice(2);
  const halves = halvings(damage.tasks, splits, seed);
  const controls = Array.from({ length: shuffles }, (_, s) => {
    const shuffled = shuffledTasks(damage, seed + s);
    return { shuffled, halves: halvings(shuffled.tasks, 2, seed + s) };
  });
  const vector = (of: Damage, weights: Int32Array, split: readonly Uint8Array[]) => {
    const whole = agreement(of, weights, split, every);
    const rest = agreement(of, weights, split, core);
    return NAMED.map(([key]) =>
      key === "specificity" ? whole.within - whole.between : key === "core" ? rest.specificShare : whole[key],
    );
  };
  const frames = damage.items.length;
  const weights = new Int32Array(frames);
  const draws = drawStatistic(
    frames,
    (resample) => {
      weights.fill(0);
      for (const f of resample) weights[f]!++;
      const real = vector(damage, weights, halves);
      const sums = controls.map(({ shuffled, halves: split }) => vector(shuffled, weights, split));
      const control = real.map((_, k) => sums.reduce((sum, of) => sum + of[k]!, 0) / shuffles);
      return [...real, ...control, ...real.map((value, k) => value - control[k]!)];
    },
    { resamples, seed },
  );
  // Resampled halves are noisier than the halves themselves, which lowers agreement and spoils the choice of sublayers.
  const found = intervals(centred(draws));
  const method = `mean ablation of one sublayer at a time from the second token on; averages over ${splits} halvings of the items by frame; bootstrap over frames, each kept in its half, draws centred on the value`;
  return NAMED.flatMap(([, id, label, unit], k) => {
    const common = { level: 0.95, n: frames, per: "frame", unit, tolerance: 0.05 };
    const { control, difference } = shuffledIds(id);
    return [
      { ...common, ...found[k]!, id, label, method, control, difference },
      {
        ...common,
        ...found[NAMED.length + k]!,
        id: control,
        label: `${label}: shuffled tasks`,
        method: `the same with frames dealt to tasks at random, mean of ${shuffles} deals`,
      },
      {
        ...common,
        ...found[2 * NAMED.length + k]!,
        id: difference,
        label: `${label}: beyond shuffled tasks`,
        method: `${method}; paired difference`,
      },
    ];
  });
}
