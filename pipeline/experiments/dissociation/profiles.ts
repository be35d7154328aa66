import { type Dense, row } from "../../statistics/dense.ts";
import { random } from "../../statistics/random.ts";
import { pearson, ranks } from "../../statistics/rank.ts";

/** What ablating each sublayer does, summed over the items of one frame (items that share a template belong together). */
export interface Damage {
  /** [frames × sublayers] summed over the frame's items. */
  readonly sums: Dense;
  /** Items of each frame. */
  readonly items: Int32Array;
  /** Task of each frame, 0 … tasks − 1. */
  readonly tasks: Int32Array;
}

/** Agreement of damage profiles, between halves of the items that share no frame, so that noise counts alike in all of it. */
export interface Agreement {
  /** Mean rank correlation of the two halves of one task: the ceiling. */
  readonly within: number;
  /** Mean rank correlation of half of one task with the other half of another. */
  readonly between: number;
  /** Share of the variance over sublayers and tasks that is the interaction, free of noise in expectation. */
  readonly specificShare: number;
  /**
   * Mean over pairs of tasks of the smaller of two selective damages, each at the sublayer chosen on the other half:
   * only where both are positive do the tasks dissociate both ways.
   */
  readonly doubleDissociation: number;
}

/** Random halves of each task's frames: [splits][frame] 0 or 1. */
export function halvings(tasks: Int32Array, splits: number, seed: number): Uint8Array[] {
  const { shuffle } = random(seed);
  return Array.from({ length: splits }, () => {
    const half = new Uint8Array(tasks.length);
    for (const task of new Set(tasks)) {
      const frames = shuffle([...tasks.keys()].filter((f) => tasks[f] === task));
      for (const frame of frames.slice(frames.length >> 1)) half[frame] = 1;
    }
    return half;
  });
}

/** Mean damage of each task in each half, [half][task] → sublayers; NaN where no item fell there. */
export function profilesOf(
  { sums, items, tasks }: Damage,
  weights: ArrayLike<number>,
  half: ArrayLike<number>,
): Float64Array[][] {
  const count = 1 + Math.max(...tasks);
  const profiles = [0, 1].map(() => Array.from({ length: count }, () => new Float64Array(sums.columns)));
  const totals = [0, 1].map(() => new Float64Array(count));
  for (let f = 0; f < sums.rows; f++) {
    const weight = weights[f]!;
    if (weight === 0) continue;
    const into = profiles[half[f]!]![tasks[f]!]!;
    totals[half[f]!]![tasks[f]!]! += weight * items[f]!;
    const from = row(sums, f);
    for (let s = 0; s < into.length; s++) into[s]! += weight * from[s]!;
  }
  return profiles.map((of, h) => of.map((profile, t) => profile.map((sum) => sum / totals[h]![t]!)));
}

/**
 * {@link Agreement}, averaged over halvings; one in which a resample left half of a task without items is passed over.
 * `columns` are the sublayers that count.
 */
export function agreement(
  damage: Damage,
  weights: ArrayLike<number>,
  splits: readonly Uint8Array[],
  columns: readonly number[],
): Agreement {
  const sum = { within: 0, between: 0, specificShare: 0, doubleDissociation: 0 };
  const keys = Object.keys(sum) as (keyof Agreement)[];
  let used = 0;
  for (const half of splits) {
    const profiles = profilesOf(damage, weights, half).map((of) =>
      of.map((p) => Float64Array.from(columns, (s) => p[s]!)),
    );
    if (profiles.some((of) => of.some((p) => Number.isNaN(p[0])))) continue;
    const one = ofHalves(profiles[0]!, profiles[1]!);
    used++;
    for (const key of keys) sum[key] += one[key];
  }
  for (const key of keys) sum[key] /= used;
  return sum;
}

function ofHalves(a: readonly Float64Array[], b: readonly Float64Array[]): Agreement {
  const tasks = a.length;
  const [ra, rb] = [a.map(ranks), b.map(ranks)];
  let within = 0;
  let between = 0;
  let selective = 0;
  for (let t = 0; t < tasks; t++) {
    within += pearson(ra[t]!, rb[t]!) / tasks;
    for (let u = 0; u < t; u++) {
      between += (pearson(ra[t]!, rb[u]!) + pearson(ra[u]!, rb[t]!)) / (tasks * (tasks - 1));
      const ways = [selectiveDamage(a, b, t, u), selectiveDamage(a, b, u, t)];
      const back = [selectiveDamage(b, a, t, u), selectiveDamage(b, a, u, t)];
      selective += (Math.min(...ways) + Math.min(...back)) / (tasks * (tasks - 1));
    }
  }
  return { within, between, specificShare: interactionShare(a, b), doubleDissociation: selective };
}

/** Damage to task t less damage to task u on one half, at the sublayer where that was largest on the other. */
function selectiveDamage(chosenOn: readonly Float64Array[], on: readonly Float64Array[], t: number, u: number): number {
  const gap = (s: number) => chosenOn[t]![s]! - chosenOn[u]![s]!;
  const best = chosenOn[t]!.reduce((most, _, s) => (gap(s) > gap(most) ? s : most), 0);
  return on[t]![best]! - on[u]![best]!;
}

/** Two-way analysis, products taken across the halves: interaction / (sublayers' main effect + interaction). */
function interactionShare(a: readonly Float64Array[], b: readonly Float64Array[]): number {
  const [one, two] = [twoWay(a), twoWay(b)];
  const main = product(one.main, two.main) * a.length;
  const interaction = one.interaction.reduce((sum, of, t) => sum + product(of, two.interaction[t]!), 0);
  return interaction / (main + interaction);
}

const product = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);

function twoWay(profiles: readonly Float64Array[]): { main: Float64Array; interaction: Float64Array[] } {
  const centred = profiles.map((profile) => {
    const mean = profile.reduce((x, y) => x + y, 0) / profile.length;
    return profile.map((value) => value - mean);
  });
  const main = centred[0]!.map((_, s) => centred.reduce((sum, of) => sum + of[s]!, 0) / centred.length);
  return { main, interaction: centred.map((of) => of.map((value, s) => value - main[s]!)) };
}

/** The same damage with the frames' task labels dealt out anew. */
export function shuffledTasks(damage: Damage, seed: number): Damage {
  return { ...damage, tasks: Int32Array.from(random(seed).shuffle(damage.tasks)) };
}
