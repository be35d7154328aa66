import type { Table } from "../../pipeline/artifacts/schema.ts";

type Cell = Table["rows"][number][number];

/** What a spreadsheet takes for the start of a formula (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r\n|＝＋－＠]/;

/**
 * A table as CSV (RFC 4180, UTF-8, a header row; `null` is an empty field). Text that a spreadsheet would run as a formula gets
 * an apostrophe before it and stands in quotes; numbers are written as they are.
 */
export function csv(table: Table): string {
  const lines = [table.columns.map((column) => field(column.name)), ...table.rows.map((row) => row.map(field))];
  return `${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
}

function field(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  const guarded = FORMULA.test(cell.trimStart()) || FORMULA.test(cell) ? `'${cell}` : cell;
  return guarded !== cell || /[",\r\n\t]/.test(cell) || cell !== cell.trim() ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
