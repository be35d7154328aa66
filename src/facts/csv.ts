import type { Estimate, Table } from "../../pipeline/artifacts/schema.ts";

const FORMULA = /^\s*[=+\-@|＝＋－＠]|^[\t\r]/;

/** Comma-separated values as RFC 4180 has them, with a head. */
function csv(head: readonly string[], rows: readonly (readonly (string | number | boolean | null)[])[]): string {
  const cell = (value: string | number | boolean | null) => {
    const plain = value === null ? "" : String(value);
    // What a spreadsheet would take for a formula becomes text (OWASP, "CSV Injection"); numbers stay numbers.
    const text = typeof value === "string" && FORMULA.test(plain) ? `'${plain}` : plain;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [head, ...rows]
    .map((row) => row.map(cell).join(","))
    .join("\r\n")
    .concat("\r\n");
}

export const tableCsv = (table: Table): string =>
  csv(
    table.columns.map((column) => column.name),
    table.rows,
  );

export const estimatesCsv = (estimates: readonly Estimate[]): string =>
  csv(
    ["id", "label", "value", "lo", "hi", "level", "n", "per", "unit", "method", "control", "difference"],
    estimates.map((e) => [
      e.id,
      e.label,
      e.value,
      e.lo,
      e.hi,
      e.level,
      e.n,
      e.per,
      e.unit,
      e.method,
      e.control ?? null,
      e.difference ?? null,
    ]),
  );
