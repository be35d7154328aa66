import { type Dense, dot, row } from "../../statistics/dense.ts";
import type { Fold } from "../../statistics/folds.ts";
import { random } from "../../statistics/random.ts";
import { meanOfRows, minus, randomAxes, spreadAlong, type TwoAxes, twoAxes } from "./two-axes.ts";

/**
 * Means over sentences of one sublayer's write at one place. Along the chosen and the rejected axis: what is written, over
 * the stream's norm; the change of the stream's share; the share before; and the first two along random axes (`rd`).
 */
export const FIGURES = [
  "chosen",
  "rejected",
  "chosen-rd",
  "rejected-rd",
  "chosen-share",
  "rejected-share",
  "chosen-share-rd",
  "rejected-share-rd",
  "chosen-held",
  "rejected-held",
  /** Cosine of the two senses' directions before they were freed of each other. */
  "cosine",
  /** ‖h + Δ‖/‖h‖ */
  "growth",
] as const;
export type Figure = (typeof FIGURES)[number];

/** One sublayer at one place: streams that it joins and what it writes, in the noun's sentences and in neutral ones. */
export interface Joined {
  /** [sentences × dModel] */
  readonly stream: Dense;
  readonly write: Dense;
  readonly neutralStream: Dense;
  readonly neutralWrite: Dense;
  /** Sentence frame of each row, of each neutral row. */
  readonly frames: readonly string[];
  readonly neutralFrames: readonly string[];
}

export interface AlongOptions {
  /** Random axes a fold. */
  readonly draws: number;
  readonly seed: number;
  /** Directions of the senses for a fold's training sentences, where they aren't the streams' own. */
  readonly directions?: (train: ArrayLike<number>) => readonly [Float64Array, Float64Array];
}

/** The {@link FIGURES} of a write; NaN throughout where the senses have no axes, as at the embedding. */
export function alongSenses(
  { stream, write, neutralStream, neutralWrite, frames, neutralFrames }: Joined,
  senses: ArrayLike<number>,
  folds: readonly Fold[],
  { draws, seed, directions }: AlongOptions,
): Float64Array {
  const sums = new Float64Array(FIGURES.length);
  const { normal } = random(seed);
  // Half of the neutral sentences to fit by, half to measure from: what one mean is off by would otherwise be in the axes
  // and in what is read along them, and a write that only undoes the stream's noise would seem to oppose both senses.
  const half = (turn: number) => [...neutralFrames.keys()].filter((i) => i % 2 === turn);
  const fitted = meanOfRows(neutralStream, half(0));
  // A sentence's own frame is rarer among those that its axes were fitted on, so that both axes point away from the frame:
  // it is measured from neutral sentences of that frame.
  const references = new Map(
    [...Map.groupBy(half(1), (i) => neutralFrames[i]!)].map(([frame, rows]) => [
      frame,
      { origin: meanOfRows(neutralStream, rows), drift: meanOfRows(neutralWrite, rows) },
    ]),
  );
  let sentences = 0;
  for (const { train, test } of folds) {
    const means = [0, 1].map((sense) =>
      meanOfRows(
        stream,
        train.filter((i) => senses[i] === sense),
      ),
    ) as [Float64Array, Float64Array];
    const [d0, d1] = directions?.(train) ?? [minus(means[0], fitted), minus(means[1], fitted)];
    const axes = twoAxes(d0, d1);
    if (!axes) return sums.fill(Number.NaN);
    const drawn = randomAxes(stream, train, senses, means, axes, draws, normal);
    const spread = axes.unit.map((axis) => spreadAlong(stream, train, axis));
    const others = drawn.map((axis) => ({ axis, spread: spreadAlong(stream, train, axis) }));
    for (const i of test) {
      const reference = references.get(frames[i]!);
      if (!reference) continue;
      sentences++;
      addSentence(sums, row(stream, i), row(write, i), senses[i]! as 0 | 1, { ...reference, axes, spread, others });
    }
  }
  return sums.map((sum) => sum / sentences);
}

interface Fitted {
  readonly origin: Float64Array;
  readonly drift: Float64Array;
  readonly axes: TwoAxes;
  readonly spread: readonly number[];
  readonly others: readonly { readonly axis: Float64Array; readonly spread: number }[];
}

function addSentence(sums: Float64Array, h: Float64Array, delta: Float64Array, sense: 0 | 1, fitted: Fitted): void {
  const { origin, drift, axes, spread, others } = fitted;
  const before = Math.sqrt(dot(h, h));
  const after = Math.sqrt(before ** 2 + 2 * dot(h, delta) + dot(delta, delta));
  const [beside, added] = [minus(h, origin), minus(delta, drift)];
  const along = (axis: Float64Array) => {
    const held = dot(beside, axis);
    const written = dot(added, axis);
    return { held, written, share: (held + written) / after - held / before };
  };
  const drawn = others.map((other) => ({ ...along(other.axis), spread: other.spread }));
  for (const [k, s] of [sense, 1 - sense].entries()) {
    const { held, written, share } = along(axes.unit[s]!);
    sums[k]! += written / before;
    sums[4 + k]! += share;
    sums[8 + k]! += held / before;
    for (const other of drawn) {
      const scale = (Math.sign(held) * Math.sign(other.held) * spread[s]!) / other.spread / drawn.length;
      sums[2 + k]! += (scale * other.written) / before;
      sums[6 + k]! += scale * other.share;
    }
  }
  sums[10]! += axes.cosine;
  sums[11]! += after / before;
}
