import fc from "fast-check";
import { expect, it } from "vitest";
import { adjustedRand } from "../../pipeline/statistics/adjusted-rand.ts";
import { expectClose, golden } from "./golden.ts";

const partition = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 2, maxLength: 60 });

it("agrees with scikit-learn", () => {
  for (const { one, other, adjusted_rand } of golden("partitions").cases)
    expectClose([adjustedRand(one, other)], [adjusted_rand], 1e-12);
});

it("is 1 for a partition and itself under other names, and the same both ways round", () => {
  fc.assert(
    fc.property(partition, partition, (one, other) => {
      expect(
        adjustedRand(
          one,
          one.map((c) => 10 - c),
        ),
      ).toBe(1);
      const n = Math.min(one.length, other.length);
      const [a, b] = [one.slice(0, n), other.slice(0, n)];
      expect(adjustedRand(a, b)).toBeCloseTo(adjustedRand(b, a), 12);
    }),
  );
});

it("refuses partitions of different items", () =>
  expect(() => adjustedRand([0, 1], [0])).toThrow("one has 2, the other 1"));
