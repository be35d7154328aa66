import { describe, expect, it } from "vitest";
import { dense } from "../../pipeline/statistics/dense.ts";
import { holm } from "../../pipeline/statistics/holm.ts";
import { mantel } from "../../pipeline/statistics/mantel.ts";
import { permutationTest, signFlip } from "../../pipeline/statistics/permutation.ts";
import { random } from "../../pipeline/statistics/random.ts";
import { spearman } from "../../pipeline/statistics/rank.ts";
import { studentTail } from "../../pipeline/statistics/student-t.ts";
import { tost } from "../../pipeline/statistics/tost.ts";
import { expectClose, golden } from "./golden.ts";

const recorded = golden("tests");

/** Share of 300 runs in which a test of `draw(run)` gives p ≤ 0.05. */
function rate(draw: (run: number) => number): number {
  let rejected = 0;
  for (let run = 0; run < 300; run++) if (draw(run) <= 0.05) rejected++;
  return rejected / 300;
}

function groupDifference(run: number, effect: number): number {
  const generator = random(1000 + run);
  const labels = Array.from({ length: 30 }, (_, i) => i % 2);
  const values = labels.map((label) => generator.normal() + effect * label);
  const statistic = (order: Int32Array) => values.reduce((sum, value, i) => sum + (order[i] === 1 ? value : -value), 0);
  return permutationTest(labels, statistic, { permutations: 199, seed: run }).p;
}

describe("permutation tests", () => {
  it("find an effect that is there, and none at the stated rate where there is none", () => {
    expect(rate((run) => groupDifference(run, 1.5))).toBeGreaterThan(0.9);
    const falsely = rate((run) => groupDifference(run, 0));
    expect(falsely).toBeLessThan(0.09);
    expect(falsely).toBeGreaterThan(0.015);
  });

  it("count the observed value in: p is never 0", () => {
    const { p } = permutationTest([0, 0, 0, 1, 1, 1], (l) => (l.join("") === "000111" ? 1 : 0), {
      permutations: 9,
      seed: 1,
    });
    expect(p).toBeGreaterThanOrEqual(0.2);
    const far = Array.from({ length: 40 }, (_, i) => 5 + i / 40);
    expect(signFlip(far, { permutations: 999, seed: 1 }).p).toBeCloseTo(0.002, 10);
  });

  it("flip signs exactly as scipy does where all patterns can be gone through", () => {
    expectClose([signFlip(recorded.few, { seed: 1 }).p], [recorded.sign_flip_p], 1e-12);
  });

  it("flip signs at random with the stated rate where they can't", () => {
    const draw = (effect: number) => (run: number) => {
      const generator = random(run);
      const differences = Array.from({ length: 25 }, () => generator.normal() + effect);
      return signFlip(differences, { permutations: 199, seed: run }).p;
    };
    expect(rate(draw(0))).toBeLessThan(0.09);
    expect(rate(draw(0))).toBeGreaterThan(0.015);
    expect(rate(draw(1))).toBeGreaterThan(0.95);
  });
});

describe("Holm's adjustment", () => {
  it("agrees with the recorded one, ties included", () => expectClose(holm(recorded.p), recorded.holm, 1e-12));

  it("gives what R's p.adjust gives where little is cut off at 1", () =>
    expectClose(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02], 1e-12));

  it("rejects a p that isn't one", () => expect(() => holm([0.1, 1.2])).toThrow("p-value 1 is 1.2"));
});

describe("the equivalence test", () => {
  it("has scipy's tails of Student's t", () => {
    for (const { t, df, tail } of recorded.student) expectClose([studentTail(t, df)], [tail], 1e-9);
  });

  it("has scipy's p and interval", () => {
    for (const { margin, p, lo, hi } of recorded.tost) {
      const found = tost(recorded.differences, margin);
      expectClose([found.p, found.lo, found.hi], [p, lo, hi], 1e-8);
      expect(found.p < 0.05).toBe(found.lo > -margin && found.hi < margin);
    }
  });

  it("does not take noise for equality", () => {
    expect(() => tost([1, 1, 1], 0.5)).toThrow("needs some spread");
    expect(tost([-3, 3, -2, 2], 0.5).p).toBeGreaterThan(0.3);
  });
});

describe("Mantel's test", () => {
  const n = 16;
  const distances = (of: number[]) =>
    dense(
      n,
      n,
      Array.from({ length: n * n }, (_, i) => Math.abs(of[Math.floor(i / n)]! - of[i % n]!)),
    );
  const places = (seed: number) => {
    const generator = random(seed);
    return Array.from({ length: n }, () => generator.normal());
  };
  const above = ({ data }: { data: Float64Array }) => data.filter((_, i) => i % n > Math.floor(i / n));

  it("is the correlation over the entries above the diagonal", () => {
    const [a, b] = [distances(places(1)), distances(places(2))];
    const found = mantel(a, b, { seed: 1, permutations: 19, method: "spearman" });
    expect(found.value).toBeCloseTo(spearman(above(a), above(b)), 10);
  });

  it("finds a common arrangement, and none at the stated rate", () => {
    const p = (run: number, weight: number) => {
      const [a, b] = [places(run), places(run + 5000)];
      return mantel(distances(a), distances(a.map((x, i) => weight * x + b[i]!)), { permutations: 99, seed: run }).p;
    };
    expect(rate((run) => p(run, 3))).toBeGreaterThan(0.95);
    const falsely = rate((run) => p(run, 0));
    expect(falsely).toBeLessThan(0.09);
    expect(falsely).toBeGreaterThan(0.01);
  });
});
