import { describe, expect, it } from "vitest";
import { tableCsv } from "../../src/facts/csv.ts";

const table = (cells: (string | number | null)[]) =>
  tableCsv({
    title: "t",
    columns: [{ name: "token", type: "string", unit: "", about: "" }],
    rows: cells.map((cell) => [cell]),
  })
    .split("\r\n")
    .slice(1, -1);

describe("a table as CSV", () => {
  it("gives a spreadsheet no formula to run", () => {
    const risky = ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "|calc", "＝1", "\t=1"];
    for (const [i, line] of table(risky).entries()) expect(line.replace(/^"/, ""), risky[i]).toMatch(/^'/);
  });

  it("leaves negative numbers numbers, and nothing empty", () => {
    expect(table([-1.5, null, "plain", 'say "x", y'])).toEqual(["-1.5", "", "plain", '"say ""x"", y"']);
  });
});
