import type { Estimate } from "../../artifacts/schema.ts";
import type { CurvePoint } from "../../artifacts/tables.ts";
import { type Draws, derive, drawRatios, intervals } from "../../statistics/bootstrap.ts";
import type { CurveColumn } from "./columns.ts";

/** Curves of held-out R² with draws over documents that all of them share. */
export interface Curves {
  readonly columns: readonly CurveColumn[];
  readonly draws: Draws;
}

export function drawCurves(columns: readonly CurveColumn[], resamples: number, seed: number): Curves {
  const documents = columns[0]!.totals.length;
  const k = columns.length;
  const errors = new Float64Array(documents * k);
  const totals = new Float64Array(documents * k);
  columns.forEach((column, i) => {
    for (let d = 0; d < documents; d++) {
      errors[d * k + i] = column.errors[d]!;
      totals[d * k + i] = column.totals[d]!;
    }
  });
  return {
    columns,
    draws: derive(drawRatios(errors, totals, k, { resamples, seed }), (ratios) => ratios.map((r) => 1 - r)),
  };
}

export const pointsOf = ({ columns, draws }: Curves): CurvePoint[] =>
  intervals(draws).map((interval, i) => {
    const { quantity, series, x } = columns[i]!;
    return { quantity, series, x, ...interval };
  });

/** A scalar out of all curves; `curve` gives one curve's R² by depth. */
export type Reading = (curve: (quantity: string, series: string) => readonly number[]) => number;

const mean = (values: readonly number[]) => values.reduce((x, y) => x + y, 0) / values.length;

/** Thirds of the depth: 0 early, 1 middle, 2 late. Of a residual stream's curve the embedding belongs to the first. */
export const third = (curve: readonly number[], which: 0 | 1 | 2): number =>
  mean(curve.slice(Math.floor((curve.length * which) / 3), Math.floor((curve.length * (which + 1)) / 3)));

/** Mean depth weighted by what is explained beyond shuffled labels. NaN where nothing is. */
export function centre(curve: readonly number[], shuffled: readonly number[]): number {
  const above = curve.map((value, x) => Math.max(0, value - shuffled[x]!));
  return above.reduce((sum, weight, x) => sum + weight * x, 0) / above.reduce((x, y) => x + y, 0);
}

/** First depth from which on `later` stays above `earlier`; the number of depths where it never does. */
export function passes(later: readonly number[], earlier: readonly number[]): number {
  let at = later.length;
  while (at > 0 && later[at - 1]! > earlier[at - 1]!) at--;
  return at;
}

export interface Wanted {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly tolerance: number;
  /** Series whose value of the same reading is the control, with its place in ids; none where there is no such control. */
  readonly control?: { readonly series: string; readonly suffix: string };
  /** The reading on the curves of one series. */
  readonly read: (series: string) => Reading;
}

/** Each reading, its control and their paired difference, all from the same resamples. */
export function readAll({ columns, draws }: Curves, wanted: readonly Wanted[], method: string): Estimate[] {
  const index = new Map<string, number[]>();
  columns.forEach(({ quantity, series }, i) => {
    const key = `${quantity}|${series}`;
    index.set(key, [...(index.get(key) ?? []), i]);
  });
  const scalars = wanted.flatMap(({ control, read }) =>
    control ? [read("model"), read(control.series)] : [read("model")],
  );
  const found = derive(draws, (values) => {
    const curve = (quantity: string, series: string) => {
      const at = index.get(`${quantity}|${series}`);
      if (!at) throw new Error(`There is no curve of ${quantity} for ${series}.`);
      return at.map((i) => values[i]!);
    };
    const read = scalars.map((reading) => reading(curve));
    let at = 0;
    return wanted.flatMap(({ control }) => {
      const value = read[at++]!;
      if (!control) return [value];
      const other = read[at++]!;
      return [value, other, value - other];
    });
  });
  const all = intervals(found);
  let at = 0;
  return wanted.flatMap(({ id, label, unit, tolerance, control }) => {
    const common = { level: 0.95, n: draws.units, per: "document", unit, tolerance };
    const own = { ...common, ...all[at++]!, id, label, method };
    if (!control) return [own];
    const name = `${id}-${control.suffix}`;
    return [
      { ...own, control: name, difference: `${id}-beyond-${control.suffix}` },
      { ...common, ...all[at++]!, id: name, label: `${label}: control ${control.series}`, method },
      {
        ...common,
        ...all[at++]!,
        id: `${id}-beyond-${control.suffix}`,
        label: `${label}: beyond control ${control.series}`,
        method: `${method}; paired difference`,
      },
    ];
  });
}
