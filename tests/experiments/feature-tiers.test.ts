import { describe, expect, it } from "vitest";
import { experiment } from "../../pipeline/experiments/feature-tiers.ts";
import { centre, passes, third } from "../../pipeline/experiments/tiers/estimates.ts";
import {
  bestPredictor,
  explained,
  type Positions,
  pooled,
  tokenGroups,
} from "../../pipeline/experiments/tiers/explained.ts";
import { shuffledGroups } from "../../pipeline/experiments/tiers/passages.ts";
import { lookAt, standardizedDirections, stratifiedByRate } from "../../pipeline/experiments/tiers/unit-sample.ts";
import { random } from "../../pipeline/statistics/random.ts";

const DOCUMENTS = 60;
const EACH = 40;

/** Three columns: 70 % of the first is the first predictor, the second is the second predictor alone, the third is noise. */
function planted(seed: number): { values: Float32Array; positions: Positions } {
  const { normal, int } = random(seed);
  const n = DOCUMENTS * EACH;
  const documents = Int32Array.from({ length: n }, (_, i) => Math.floor(i / EACH));
  const halves = Uint8Array.from({ length: DOCUMENTS }, (_, d) => d % 2);
  const groups = () => Int32Array.from({ length: n }, () => int(6));
  const genre = documents.map((d) => (d >> 1) % 4);
  const predictors = [groups(), groups(), groups(), genre];
  const level = Float64Array.from({ length: 6 }, () => normal());
  const spread = Math.sqrt(level.reduce((sum, x) => sum + x * x, 0) / 6 - (level.reduce((a, b) => a + b, 0) / 6) ** 2);
  const values = new Float32Array(n * 3);
  for (let i = 0; i < n; i++) {
    values[3 * i] = (Math.sqrt(0.7) * level[predictors[0]![i]!]!) / spread + Math.sqrt(0.3) * normal();
    values[3 * i + 1] = 100 * level[predictors[1]![i]!]!;
    values[3 * i + 2] = 1000 * normal();
  }
  return { values, positions: { documents, halves, predictors } };
}

const score = (errors: Float64Array, totals: Float64Array, p: number) =>
  1 - errors.reduce((sum, e, i) => sum + (i % 4 === p ? e : 0), 0) / totals.reduce((a, b) => a + b, 0);

describe("held-out variance explained", () => {
  const { values, positions } = planted(1);
  const column = (j: number) => pooled(explained(values, 3, j, 1, positions));

  it("gives each predictor what was planted, and the others nothing", () => {
    const first = column(0);
    expect(score(first.errors, first.totals, 0)).toBeCloseTo(0.7, 1);
    for (const other of [1, 2, 3]) expect(Math.abs(score(first.errors, first.totals, other))).toBeLessThan(0.03);
    const second = column(1);
    expect(score(second.errors, second.totals, 1)).toBeGreaterThan(0.99);
  });

  it("weighs loud and quiet columns alike", () => {
    const all = pooled(explained(values, 3, 0, 3, positions));
    expect(score(all.errors, all.totals, 0)).toBeCloseTo(0.7 / 3, 1);
  });

  it("finds nothing with the groups dealt out anew", () => {
    const shuffled = pooled(explained(values, 3, 0, 2, shuffledGroups(positions, 2)));
    for (const p of [0, 1, 2, 3]) expect(score(shuffled.errors, shuffled.totals, p)).toBeLessThan(0.02);
  });

  it("chooses each column's best predictor on the other half, so noise is not flattered", () => {
    const found = explained(values, 3, 0, 3, positions);
    const totals = pooled(found).totals.reduce((a, b) => a + b, 0);
    const best = 1 - bestPredictor(found, positions.halves).reduce((a, b) => a + b, 0) / totals;
    expect(best).toBeCloseTo((0.7 + 1) / 3, 1);
    const noise = explained(values, 3, 2, 1, positions);
    const alone =
      1 -
      bestPredictor(noise, positions.halves).reduce((a, b) => a + b, 0) /
        pooled(noise).totals.reduce((a, b) => a + b, 0);
    expect(alone).toBeLessThan(0.01);
  });
});

it("gives a token its own group only where both halves have it often enough", () => {
  const groups = tokenGroups([7, 7, 8, 8, 9, 7, 7, 8, 9, 9], [0, 0, 0, 0, 0, 1, 1, 1, 1, 1], 2);
  expect([...groups]).toEqual([1, 1, 0, 0, 0, 1, 1, 0, 0, 0]);
});

describe("the sample of units", () => {
  it("counts firing against a unit's own scale", () => {
    const tokens = 1000;
    const values = new Float32Array(tokens * 2);
    for (let t = 0; t < tokens; t++) {
      values[2 * t] = t % 50 === 0 ? 1e-3 : 0;
      values[2 * t + 1] = t % 2 === 0 ? 1000 : 1;
    }
    const { rates } = lookAt(values, 2);
    expect(rates[0]).toBeCloseTo(0.02, 5);
    expect(rates[1]).toBeCloseTo(0.5, 5);
  });

  it("draws as many from each quarter of the rates, and no dead unit", () => {
    const units = 80;
    const rates = Float64Array.from({ length: units }, (_, u) => u / units);
    const deviations = Float64Array.from({ length: units }, (_, u) => (u < 40 ? 1 : u % 2));
    const chosen = [...stratifiedByRate({ rates, deviations, means: rates }, 16, random(1))];
    expect(chosen.every((u) => deviations[u]! > 0)).toBe(true);
    const live = [...deviations.keys()].filter((u) => deviations[u]! > 0);
    for (const quarter of [0, 1, 2, 3])
      expect(chosen.filter((u) => Math.floor(live.indexOf(u) / 15) === quarter)).toHaveLength(4);
    expect(() => stratifiedByRate({ rates, deviations: rates.map(() => 0), means: rates }, 4, random(1))).toThrow(
      "Only 0 units",
    );
  });

  it("gives loud and quiet units the same say in a rotated direction", () => {
    const deviations = Float64Array.of(1, 1000, 0);
    const directions = standardizedDirections({ deviations, means: deviations, rates: deviations }, 4000, random(2));
    let [quiet, loud] = [0, 0];
    for (let d = 0; d < 4000; d++) {
      quiet += directions[d]! ** 2;
      loud += (1000 * directions[4000 + d]!) ** 2;
      expect(directions[8000 + d]).toBe(0);
    }
    expect(quiet / loud).toBeGreaterThan(0.8);
    expect(quiet / loud).toBeLessThan(1.25);
  });
});

describe("readings of curves", () => {
  it("takes thirds, centres and turning points", () => {
    expect([0, 1, 2].map((which) => third([0, 0, 3, 3, 6, 6], which as 0 | 1 | 2))).toEqual([0, 3, 6]);
    expect(centre([-1, 0.2, 0.4, 0.2], [0, 0, 0, 0])).toBeCloseTo(2, 10);
    expect(passes([0, 2, 0, 2, 2], [1, 1, 1, 1, 1])).toBe(3);
    expect(passes([0, 0], [1, 1])).toBe(2);
  });
});

it("is called by its file's name", () => {
  expect(experiment.id).toBe("feature-tiers");
});
