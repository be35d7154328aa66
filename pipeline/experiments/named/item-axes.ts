import { type Dense, dense, dot, row } from "../../statistics/dense.ts";
import { random } from "../../statistics/random.ts";
import type { Item } from "../senses/items.ts";
import type { Side } from "./garden-sentences.ts";
import { meanOfRows, minus, randomAxes, twoAxes } from "./two-axes.ts";

/** Streams at a noun, by depth: [sentences × dModel], its senses' sentences and neutral ones. */
export interface NounStreams {
  readonly items: readonly Item[];
  readonly senses: readonly Dense[];
  readonly neutral: readonly Dense[];
}

/** What is taken out at one depth, for one item. */
export interface AxesAt {
  /** By sense. */
  readonly unit: readonly [Float64Array, Float64Array];
  readonly random: readonly Float64Array[];
  /** Mean of the other nouns along each sense's axis: what a word has that hasn't this sense. */
  readonly floor: readonly [number, number];
  /** Along each sense's axis: the mean of neutral sentences, and that of the sense's own. */
  readonly neutral: readonly [number, number];
  readonly own: readonly [number, number];
}

/**
 * The axes of a noun's senses at each depth, fitted on sentences without the item's cues.
 * @param others mean stream at the other nouns, by depth
 * @throws where the senses have no axes at a depth
 */
export function itemAxes(
  { items, senses, neutral }: NounStreams,
  cues: readonly string[],
  others: readonly Float64Array[],
  draws: number,
  seed: number,
): AxesAt[] {
  const rows = Int32Array.from([...items.keys()].filter((i) => !cues.includes(items[i]!.cue)));
  const labels = Int32Array.from(items, ({ sense }) => sense);
  return senses.map((x, depth) => {
    // One combination of sentences at all depths, as the senses' own axes are.
    const { normal } = random(seed);
    const means = [0, 1].map((sense) =>
      meanOfRows(
        x,
        rows.filter((i) => labels[i] === sense),
      ),
    ) as [Float64Array, Float64Array];
    // As in the writes along senses: one half to fit by, one half to measure from.
    const half = (turn: number) => [...Array(neutral[depth]!.rows).keys()].filter((i) => i % 2 === turn);
    const fitted = meanOfRows(neutral[depth]!, half(0));
    const origin = meanOfRows(neutral[depth]!, half(1));
    const axes = twoAxes(minus(means[0], fitted), minus(means[1], fitted));
    if (!axes) throw new Error(`kept-senses: the senses of a noun have no axes at depth index ${depth}.`);
    const along = (at: (sense: Side) => Float64Array): [number, number] => [
      dot(at(0), axes.unit[0]),
      dot(at(1), axes.unit[1]),
    ];
    return {
      unit: axes.unit,
      random: randomAxes(x, rows, labels, means, axes, draws, normal),
      floor: along(() => others[depth]!),
      neutral: along(() => origin),
      own: along((sense) => means[sense]),
    };
  });
}

/** What a stream holds of a sense beyond the other nouns, never below 0. */
export const heldBeyond = (h: Float64Array, { unit, floor }: Pick<AxesAt, "unit" | "floor">, sense: Side): number =>
  Math.max(0, dot(h, unit[sense]) - floor[sense]);

/** What a plain sentence of a sense has along its axis beyond neutral ones. */
export const plainAmount = ({ neutral, own }: Pick<AxesAt, "neutral" | "own">, sense: Side): number =>
  own[sense] - neutral[sense];

/** h − amount · axis */
export const without = (h: Float64Array, amount: number, axis: Float64Array): Float64Array =>
  h.map((x, j) => x - amount * axis[j]!);

/** A sense's share of what its mean sentence has: 1 as there, 0 as in neutral sentences. */
export const shareHeld = (level: number, axes: Pick<AxesAt, "neutral" | "own">, sense: Side): number =>
  (level - axes.neutral[sense]) / plainAmount(axes, sense);

/** Mean of all rows of several matrices of one width, by depth. */
export function meanByDepth(nouns: readonly (readonly Dense[])[]): Float64Array[] {
  return nouns[0]!.map((_, depth) => {
    const means = dense(nouns.length, nouns[0]![depth]!.columns);
    for (const [n, of] of nouns.entries()) {
      const x = of[depth]!;
      row(means, n).set(
        meanOfRows(
          x,
          Int32Array.from({ length: x.rows }, (_, i) => i),
        ),
      );
    }
    return meanOfRows(means, [...nouns.keys()]);
  });
}
