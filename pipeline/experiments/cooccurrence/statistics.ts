import type { Estimate } from "../../artifacts/schema.ts";
import type { CurvePoint } from "../../artifacts/tables.ts";
import { type Draws, derive, drawStatistic, intervals } from "../../statistics/bootstrap.ts";
import { centred } from "../../statistics/centred-draws.ts";
import type { Dense } from "../../statistics/dense.ts";
import { pairWeights, weightedCorrelation, weightedOverlap } from "./geometry.ts";

/** A number that depends on how the words are weighted; `value` may read what others gave. */
export type Statistic =
  | { readonly kind: "overlap"; readonly a: Dense; readonly b: Dense }
  /** Over all pairs of words, or over those whose numbers are given. */
  | {
      readonly kind: "correlation";
      readonly x: Float64Array;
      readonly y: Float64Array;
      readonly pairs?: readonly number[];
    }
  | { readonly kind: "mean"; readonly of: Float64Array; readonly bins: Int8Array; readonly bin: number };

/** Named statistics; several under one name are averaged (seeds, deals). */
export type Named = ReadonlyMap<string, readonly Statistic[]>;

/**
 * All statistics on the words as they are and on bootstrap resamples of words, with the eigenvectors and the ranks of
 * distances held as computed. A pair of a word with its own copy never counts. A resample has fewer distinct words, which
 * lifts every overlap of subspaces alike; draws of overlaps are therefore moved so that their mean is the value itself.
 */
export function drawAll(named: Named, words: number, resamples: number, seed: number): Draws {
  const weights = new Int32Array(words);
  const all = [...named.values()];
  const draws = drawStatistic(
    words,
    (resample) => {
      weights.fill(0);
      for (const word of resample) weights[word]!++;
      const pairs = pairWeights(weights);
      return all.map((of) => of.reduce((sum, each) => sum + evaluate(each, weights, pairs), 0) / of.length);
    },
    { resamples, seed },
  );
  return centred(draws, (k) => all[k]![0]!.kind === "overlap");
}

function evaluate(statistic: Statistic, weights: Int32Array, pairs: Float64Array): number {
  switch (statistic.kind) {
    case "overlap":
      return weightedOverlap(statistic.a, statistic.b, weights);
    case "correlation":
      return weightedCorrelation(statistic.x, statistic.y, pairs, statistic.pairs);
    case "mean": {
      let sum = 0;
      let n = 0;
      for (let i = 0; i < pairs.length; i++) {
        if (statistic.bins[i] !== statistic.bin) continue;
        sum += pairs[i]! * statistic.of[i]!;
        n += pairs[i]!;
      }
      return sum / n;
    }
  }
}

export interface Asked {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly method: string;
  /** Name of the statistic that is the control, and how ids call it. */
  readonly control?: readonly [name: string, suffix: string];
  /** The value out of the named statistics; by default the one of its own id. */
  readonly read?: (of: (name: string) => number) => number;
}

/** Estimates with controls and paired differences, from shared resamples. A control is given once, however many ask for it. */
export function estimatesOf(named: Named, draws: Draws, asked: readonly Asked[]): Estimate[] {
  const names = [...named.keys()];
  const at = new Map(names.map((name, i) => [name, i]));
  const derived = derive(draws, (values) => {
    const of = (name: string) => {
      const i = at.get(name);
      if (i === undefined) throw new Error(`There is no statistic "${name}".`);
      return values[i]!;
    };
    return asked.flatMap(({ id, control, read }) => {
      const value = read ? read(of) : of(id);
      return control ? [value, of(control[0]), value - of(control[0])] : [value];
    });
  });
  const found = intervals(derived);
  let next = 0;
  return asked.flatMap(({ id, label, unit, method, control }) => {
    const common = { level: 0.95, n: draws.units, per: "word", unit, tolerance: 0.02 };
    const own = { ...common, ...found[next++]!, id, label, method };
    if (!control) return [own];
    const name = `${id}-${control[1]}`;
    return [
      { ...own, control: name, difference: `${id}-beyond-${control[1]}` },
      { ...common, ...found[next++]!, id: name, label: `${label}: ${control[1].replaceAll("-", " ")}`, method },
      {
        ...common,
        ...found[next++]!,
        id: `${id}-beyond-${control[1]}`,
        label: `${label}: beyond ${control[1].replaceAll("-", " ")}`,
        method: `${method}; paired difference`,
      },
    ];
  });
}

/** Statistics named `quantity@series@x` as points of curves. */
export function pointsOf(named: Named, draws: Draws): CurvePoint[] {
  const found = intervals(draws);
  return [...named.keys()].flatMap((name, i) => {
    const [quantity, series, x] = name.split("@");
    if (x === undefined) return [];
    const { value, lo, hi } = found[i]!;
    const number = (v: number) => (Number.isFinite(v) ? v : null);
    return [
      { quantity: quantity!, series: series!, x: Number(x), value: number(value), lo: number(lo), hi: number(hi) },
    ];
  });
}
