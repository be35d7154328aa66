import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { random } from "../../pipeline/statistics/random.ts";
import { mean, standardDeviation } from "../../pipeline/statistics/summary.ts";

describe("the seeded generator", () => {
  it("gives these very numbers for seed 1, on every platform", () => {
    const generator = random(1);
    expect([
      generator.uniform(),
      generator.int(1000),
      generator.normal(),
      Array.from(generator.sample(100, 5)),
    ]).toEqual([0.6243301104518497, 27, 0.19272152308631071, [66, 95, 35, 5, 94]]);
  });

  it("gives unrelated streams for neighbouring seeds", () => {
    const firsts = Array.from({ length: 4000 }, (_, seed) => random(seed).uniform());
    expect(mean(firsts)).toBeCloseTo(0.5, 1);
    expect(standardDeviation(firsts)).toBeCloseTo(Math.sqrt(1 / 12), 1.5);
    let together = 0;
    for (let i = 1; i < firsts.length; i++) together += (firsts[i]! - 0.5) * (firsts[i - 1]! - 0.5);
    expect(Math.abs((12 * together) / firsts.length)).toBeLessThan(0.06);
  });

  it("draws normals with the moments of the normal distribution", () => {
    const generator = random(3);
    const drawn = Array.from({ length: 50_000 }, () => generator.normal());
    expect(Math.abs(mean(drawn))).toBeLessThan(0.02);
    expect(Math.abs(standardDeviation(drawn) - 1)).toBeLessThan(0.02);
    expect(Math.abs(mean(drawn.map((x) => x ** 4)) - 3)).toBeLessThan(0.15);
  });

  it("shuffles each order equally often and leaves its argument alone", () => {
    const generator = random(4);
    const items = ["a", "b", "c"] as const;
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = generator.shuffle(items).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(items.join("")).toBe("abc");
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(130);
  });

  it("samples distinct items of the population", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(200), fc.nat(200), (seed, a, b) => {
        const [count, population] = a < b ? [a, b] : [b, a];
        const sample = random(seed).sample(population, count);
        expect(new Set(sample).size).toBe(count);
        expect(sample.every((i) => i >= 0 && i < population)).toBe(true);
      }),
    );
  });

  it("says what is wrong with a seed or a bound", () => {
    expect(() => random(0.5)).toThrow("A seed has to be a whole number; found 0.5.");
    expect(() => random(1).int(0)).toThrow("whole upper bound of 1 or more; found 0");
    expect(() => random(1).sample(3, 4)).toThrow("Can't draw 4 distinct items out of 3.");
  });
});
