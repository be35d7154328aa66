import type { CurvePoint } from "../../artifacts/tables.ts";
import { SITES } from "./capture.ts";
import { middleDepths, type SensesFindings } from "./findings.ts";
import { UnitTable } from "./report.ts";

/** Every curve of the experiment, nouns resampled. */
export function sensesCurves({ scores, controls, axis, cosines, depths, thirds, seed }: SensesFindings): CurvePoint[] {
  const points: CurvePoint[] = [];
  const draw = (quantity: string, series: string, rows: readonly ArrayLike<number>[], xs: readonly number[]) =>
    points.push(...new UnitTable(rows, seed).curve(quantity, series, xs));
  const of = (name: string) => scores.map(({ curves }) => curves[name]!);
  const flat = (name: string) => of(name).map(([value]) => depths.map(() => value!));
  draw("sense-recall", "model", of("word"), depths);
  draw("sense-recall", "context", flat("context"), depths);
  draw("sense-recall", "cue", flat("cue"), depths);
  draw("sense-recall", "position", flat("position"), depths);
  draw("sense-recall", "SL", of("SL"), depths);
  draw("sense-recall", "trimmed", of("trimmed"), thirds);
  draw("sense-recall", "RW", controls.permuted, thirds);
  draw("sense-recall", "RE", controls["permuted-blocks"], thirds);
  for (const site of SITES) draw("recall-by-place", site, of(site), depths);
  draw("recall-by-place", "context", flat("context"), depths);
  draw("centroid-recall", "model", of("centroid"), depths);
  draw("centroid-recall", "context", flat("context"), depths);
  draw("axis-recall", "model", axis.model, thirds);
  const middle = middleDepths({ depths, thirds });
  draw("axis-recall", "SL", axis.shuffled, middle);
  draw("axis-recall", "RW", axis.random.permuted, middle);
  draw("axis-recall", "RE", axis.random["permuted-blocks"], middle);
  draw(
    "axis-recall",
    "context",
    axis.context.map((value) => thirds.map(() => value)),
    thirds,
  );
  for (const [series, set] of [
    ["model", cosines.all],
    ["trimmed", cosines.trimmed],
  ] as const) {
    const past = thirds.slice(1);
    const gaps = set.map((byDepth) => byDepth.slice(1).map(({ same, other }) => same - other));
    draw("similarity-gap", series, gaps, past);
    draw(
      "self-similarity",
      series,
      set.map((byDepth) => byDepth.slice(1).map(({ same, other }) => (same + other) / 2)),
      past,
    );
  }
  return points;
}
