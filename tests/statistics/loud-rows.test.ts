import { expect, it } from "vitest";
import { dense } from "../../pipeline/statistics/dense.ts";
import { loudRows } from "../../pipeline/statistics/loud-rows.ts";

it("finds the rows far longer than the median row, and none among alike ones", () => {
  const x = dense(5, 2, [3, 4, 0, 5, 4, 3, 300, 400, -5, 0]);
  expect(loudRows(x, 10)).toEqual([3]);
  expect(loudRows(x, 1000)).toEqual([]);
});
