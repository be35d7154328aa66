import { expect, it } from "vitest";
import { descending } from "../../pipeline/statistics/descending.ts";
import { random } from "../../pipeline/statistics/random.ts";

it("orders a part of the values from the largest down, equal ones as they stood", () => {
  const { normal, int } = random(1);
  const values = Float32Array.from({ length: 5000 }, (_, i) => (i % 7 === 0 ? int(5) - 2 : normal() * 10 ** int(8)));
  values.set([0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-42, -1e-42]);
  const chosen = Int32Array.from({ length: 2500 }, (_, i) => 2 * i);
  const expected = [...chosen].sort((a, b) => values[b]! - values[a]! || 0);
  const order = descending(values, chosen);
  expect([...order].map((i) => values[i])).toEqual(expected.map((i) => values[i]));
  expect(new Set(order).size).toBe(chosen.length);
});

it("refuses NaN", () => {
  expect(() => descending(Float32Array.of(1, Number.NaN), Int32Array.of(0, 1))).toThrow("Value 1 is NaN");
});
