import type { Table } from "../../artifacts/schema.ts";
import { columnsOf, type LensSums } from "../lens/lens-sums.ts";
import { column } from "../support/column.ts";

/** Sums of the documents in the order of the test, as a table between a shard and its experiment. */
export const sumsTable = (sums: readonly LensSums[]): Table => ({
  title: "Sums over each document's positions",
  columns: [
    column("positions", "integer", "", "positions that count"),
    ...Array.from(sums[0]!.sums, (_, i) => column(`s${i}`, "number", "", "sum of a figure at a depth")),
  ],
  rows: sums.map(({ sums: of, positions }) => [positions, ...of]),
});

/** Throws where the table has sums of another number of depths. */
export function sumsFrom({ rows }: Table, depths: number): LensSums[] {
  return rows.map(([positions, ...sums]) => {
    if (sums.length !== columnsOf(depths))
      throw new Error(`The trained maps have ${sums.length} sums a document; ${columnsOf(depths)} were expected.`);
    return { positions: Number(positions), sums: Float64Array.from(sums, Number) };
  });
}
