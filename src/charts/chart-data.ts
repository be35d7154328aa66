import type { Column, Result, Table } from "../../pipeline/artifacts/schema.ts";
import { type CurvePoint, type Quantity, rowsOf, type Series } from "../../pipeline/artifacts/tables.ts";

/** One quantity with everything that is drawn of it, series in drawing order: controls, then parts, then the measurement. */
export interface Track {
  quantity: Quantity;
  lines: Line[];
}

/** One series of one quantity; points sorted by x. */
export interface Line {
  series: Series;
  points: CurvePoint[];
}

const ORDER: Series["role"][] = ["control", "part", "measurement"];

type Row = Record<string, string | number | boolean | null>;

const number = (row: Row, name: string): number | null => {
  const value = row[name];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
};

const roles = new Set<string>(ORDER);

/**
 * The tracks of an artifact's `curves`, `quantities` and `series` tables, for the quantities asked for and in that order
 * (all of them when none are named). Throws, naming what there is, when a quantity or a table is missing.
 */
export function tracksOf(result: Pick<Result, "experiment" | "tables">, quantities?: readonly string[]): Track[] {
  const { tables, experiment } = result;
  const known = new Map(rowsOf(tables, "quantities").map((row) => [String(row.quantity), readQuantity(row)]));
  const series = rowsOf(tables, "series").map(readSeries);
  const points = rowsOf(tables, "curves").map(readPoint);
  return (quantities ?? [...known.keys()]).map((id) => {
    const quantity = known.get(id);
    if (!quantity)
      throw new Error(
        `${experiment} has no quantity "${id}" to draw; it has: ${[...known.keys()].join(", ") || "none"}.`,
      );
    const lines = linesOf(
      points.filter((p) => p.quantity === id),
      series,
    );
    if (lines.length === 0) throw new Error(`${experiment} names the quantity "${id}" but has no curve of it.`);
    return { quantity, lines };
  });
}

function linesOf(points: readonly CurvePoint[], series: readonly Series[]): Line[] {
  const codes = [...new Set(points.map((p) => p.series))];
  return codes
    .map((code) => ({
      series: series.find((s) => s.series === code) ?? undeclared(code),
      points: points.filter((p) => p.series === code).sort((a, b) => a.x - b.x),
    }))
    .sort((a, b) => ORDER.indexOf(a.series.role) - ORDER.indexOf(b.series.role));
}

/** A series that table `series` does not describe: shown under its code, and as a control unless it is the model itself. */
const undeclared = (code: string): Series => ({
  series: code,
  label: code,
  role: code === "model" ? "measurement" : "control",
  about: "",
});

const readQuantity = (row: Row): Quantity => ({
  quantity: String(row.quantity),
  label: String(row.label ?? row.quantity),
  unit: String(row.unit ?? ""),
  x: String(row.x ?? "depth"),
  about: String(row.about ?? ""),
});

const readSeries = (row: Row): Series => ({
  series: String(row.series),
  label: String(row.label ?? row.series),
  role: roles.has(String(row.role)) ? (String(row.role) as Series["role"]) : "control",
  about: String(row.about ?? ""),
});

const readPoint = (row: Row): CurvePoint => ({
  quantity: String(row.quantity),
  series: String(row.series),
  x: number(row, "x") ?? 0,
  value: number(row, "value"),
  lo: number(row, "lo"),
  hi: number(row, "hi"),
});

const column = (name: string, type: Column["type"], about: string): Column => ({ name, type, unit: "", about });

/** Every point that a figure draws, a row each, with the names and units that make it readable by itself. */
export function figureTable(tracks: readonly Track[], title: string): Table {
  return {
    title,
    columns: [
      column("quantity", "string", "what is measured"),
      column("unit", "string", "its unit; empty for pure numbers"),
      column("series", "string", "the measurement, one of its parts or a control"),
      column("role", "string", "measurement, part or control"),
      column("axis", "string", "what x is: depth 0 is the embedding, depth k stands after block k − 1"),
      column("x", "number", "the place on that axis"),
      column("value", "number", "point estimate; empty where there is none"),
      column("lo", "number", "lower end of the 95 % interval"),
      column("hi", "number", "upper end of the 95 % interval"),
    ],
    rows: tracks.flatMap(({ quantity, lines }) =>
      [...lines]
        .reverse()
        .flatMap(({ series, points }) =>
          points.map((p) => [
            quantity.label,
            quantity.unit,
            series.label,
            series.role,
            quantity.x,
            p.x,
            p.value,
            p.lo,
            p.hi,
          ]),
        ),
    ),
  };
}

/** Whether a quantity is drawn downwards. */
export const isDeep = (quantity: Quantity): boolean => quantity.x === "depth" || quantity.x === "block";
