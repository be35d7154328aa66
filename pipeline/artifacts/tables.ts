import type { Column, Table } from "./schema.ts";

/**
 * The two tables that charts read. Every experiment that has curves writes both, in this long form,
 * so that one chart component draws any of them.
 *
 * `curves`: one row for each quantity × series × x. `series` is `model` for the measurement itself, else the code of a
 * control (`RW` random weights, `RE` random weights with the trained embeddings kept, `RB` rotated basis, `SL` shuffled
 * labels, `FM` frequency-matched, `TB` current token alone, `uniform`, …) or the name of a part (`attention`, `mlp`).
 * `x` is the depth (0 = embedding, k = after block k − 1) or the block number when the quantity's `x` says so.
 *
 * `quantities`: one row for each quantity: its label, unit, what x is, and a sentence on what it is.
 */
export interface CurvePoint {
  quantity: string;
  series: string;
  x: number;
  value: number | null;
  lo: number | null;
  hi: number | null;
}

export interface Quantity {
  quantity: string;
  label: string;
  unit: string;
  /** `depth`, `block`, or the label of any other horizontal axis. The first two are drawn downwards. */
  x: string;
  about: string;
}

export interface Series {
  series: string;
  label: string;
  /** `measurement`: drawn in the accent; `control`: drawn in grey; `part`: drawn as a variant of the measurement. */
  role: "measurement" | "control" | "part";
  about: string;
}

const column = (name: string, type: Column["type"], about: string, unit = ""): Column => ({ name, type, unit, about });

/** Table `curves` from points; order is kept. */
export function curvesTable(points: readonly CurvePoint[]): Table {
  return {
    title: "Curves",
    columns: [
      column("quantity", "string", "which quantity; its label and unit stand in table `quantities`"),
      column("series", "string", "the measurement, one of its parts or a control; see table `series`"),
      column("x", "number", "depth, block or another axis, as table `quantities` says"),
      column("value", "number", "point estimate"),
      column("lo", "number", "lower end of the 95 % interval"),
      column("hi", "number", "upper end of the 95 % interval"),
    ],
    rows: points.map((p) => [p.quantity, p.series, p.x, p.value, p.lo, p.hi]),
  };
}

/** Table `quantities`. */
export function quantitiesTable(quantities: readonly Quantity[]): Table {
  return {
    title: "Quantities",
    columns: [
      column("quantity", "string", "id"),
      column("label", "string", "name on charts"),
      column("unit", "string", "unit"),
      column("x", "string", "the horizontal axis"),
      column("about", "string", "what it is"),
    ],
    rows: quantities.map((q) => [q.quantity, q.label, q.unit, q.x, q.about]),
  };
}

/** Table `series`. */
export function seriesTable(series: readonly Series[]): Table {
  return {
    title: "Series",
    columns: [
      column("series", "string", "code"),
      column("label", "string", "name on charts"),
      column("role", "string", "measurement, part or control"),
      column("about", "string", "what it is"),
    ],
    rows: series.map((s) => [s.series, s.label, s.role, s.about]),
  };
}

/** The rows of a table as objects by column name. Throws when the table is not there. */
export function rowsOf(
  tables: Record<string, Table>,
  name: string,
): Record<string, string | number | boolean | null>[] {
  const table = tables[name];
  if (!table) throw new Error(`There is no table "${name}"; there are: ${Object.keys(tables).join(", ") || "none"}.`);
  return table.rows.map((row) => Object.fromEntries(table.columns.map((c, j) => [c.name, row[j] ?? null])));
}
