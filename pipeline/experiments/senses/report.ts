import type { Estimate } from "../../artifacts/schema.ts";
import type { CurvePoint } from "../../artifacts/tables.ts";
import { type Draws, difference, drawRatios, intervals } from "../../statistics/bootstrap.ts";

/** Rows of figures for independent units: [units][columns], resampled as a whole. */
export class UnitTable {
  readonly draws: Draws;

  constructor(rows: readonly ArrayLike<number>[], seed: number) {
    const columns = rows[0]!.length;
    const flat = Float64Array.from(rows.flatMap((row) => Array.from(row)));
    this.draws = drawRatios(flat, new Float64Array(flat.length).fill(1), columns, { seed });
  }

  /** Curve points of one quantity and series. */
  curve(quantity: string, series: string, xs: readonly number[]): CurvePoint[] {
    return intervals(this.draws).map((interval, i) => ({ quantity, series, x: xs[i]!, ...finite(interval) }));
  }
}

export type EstimateHead = Pick<Estimate, "id" | "label" | "unit" | "method" | "tolerance"> &
  Partial<Pick<Estimate, "control" | "difference">>;

/** An estimate from draws of one statistic. Throws where it isn't defined. */
export function estimateOf(draws: Draws, per: string, head: EstimateHead): Estimate {
  const [interval] = intervals(draws);
  if (interval === undefined || !Number.isFinite(interval.value))
    throw new Error(`The estimate "${head.id}" came out as ${interval?.value}: look at its inputs.`);
  return { ...head, ...interval, level: 0.95, n: draws.units, per };
}

/**
 * An estimate with its control and their paired difference: three estimates. The difference's id is `<id>-minus-<control>`.
 */
export function against(
  draws: Draws,
  control: Draws,
  per: string,
  head: EstimateHead & { control: string; differenceLabel: string },
): Estimate[] {
  const { differenceLabel, ...own } = head;
  const id = `${head.id}-minus-${head.control}`;
  return [
    estimateOf(draws, per, { ...own, difference: id }),
    estimateOf(difference(draws, control), per, {
      id,
      label: differenceLabel,
      unit: head.unit,
      method: `paired difference of ${head.id} and ${head.control}, resampled jointly over ${per}s`,
      tolerance: head.tolerance,
    }),
  ];
}

const finite = ({ value, lo, hi }: { value: number; lo: number; hi: number }) => ({
  value: Number.isFinite(value) ? value : null,
  lo: Number.isFinite(lo) ? lo : null,
  hi: Number.isFinite(hi) ? hi : null,
});
