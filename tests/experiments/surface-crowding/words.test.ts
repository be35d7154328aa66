import { describe, expect, it } from "vitest";
import { separation } from "../../../pipeline/experiments/surface-crowding/separation.ts";
import {
  drawTriples,
  separations,
  wordEstimates,
} from "../../../pipeline/experiments/surface-crowding/words-report.ts";
import { random } from "../../../pipeline/statistics/random.ts";

const WIDTH = 20;
const TRIPLES = 60;
const USES = 8;
const DEPTHS = [1, 2, 3, 4, 5, 6, 7];
const all = Array.from({ length: WIDTH }, (_, d) => d);

/** States [depth][word][use] in which near words lie `near(depth)` apart and far ones `far(depth)`, uses spread by 1 in each dimension. */
function states(near: (depth: number) => number, far: (depth: number) => number, seed: number) {
  const { normal } = random(seed);
  const direction = () => {
    const of = Array.from({ length: WIDTH }, () => normal());
    const norm = Math.hypot(...of);
    return of.map((x) => x / norm);
  };
  return DEPTHS.map((depth) =>
    Array.from({ length: TRIPLES }, () => {
      const centre = Array.from({ length: WIDTH }, () => 3 * normal());
      const off = [0, near(depth), far(depth)].map((by) => direction().map((x, d) => centre[d]! + by * x));
      return off.map((mean) => Array.from({ length: USES }, () => Float32Array.from(mean, (x) => x + normal())));
    }).flat(),
  );
}
const drawn = (of: ReturnType<typeof states>, without: number[] = [], dealt?: number) =>
  drawTriples(separations(of, without, dealt), TRIPLES, 1);
const estimatesOf = (model: ReturnType<typeof states>, control: ReturnType<typeof states>) => {
  const found = wordEstimates(
    { model: drawn(model), "with-massive": drawn(model), RW: drawn(control), SL: drawn(model, [], 2) },
    DEPTHS,
  );
  return (id: string) => found.find((each) => each.id === id)!;
};

describe("two words' uses", () => {
  it("the distance has no bias by the spread of uses: nothing on average where the words are one", () => {
    const { normal } = random(2);
    const cloud = () => Array.from({ length: USES }, () => Float32Array.from({ length: WIDTH }, () => normal()));
    const found = Array.from({ length: 400 }, () => separation(cloud(), cloud(), all));
    const mean = (of: readonly number[]) => of.reduce((a, b) => a + b, 0) / of.length;
    expect(Math.abs(mean(found.map(({ distance }) => distance)))).toBeLessThan(0.5);
    expect(mean(found.map(({ spread }) => spread))).toBeCloseTo(WIDTH, 0);
    expect(mean(found.map(({ told }) => told))).toBeCloseTo(0.5, 1);
  });

  it("is the planted distance, and dimensions that are left out have no part", () => {
    const of = states(
      () => 4,
      () => 4,
      3,
    );
    const loud = of.map((words) => words.map((uses, w) => uses.map((x) => x.with(0, 100 * (w % 3)))));
    const [mean] = [drawn(loud, [0]).values[0]!];
    expect(mean).toBeGreaterThan(13);
    expect(mean).toBeLessThan(18);
  });

  it("exchanged between the words, uses lie no distance apart", () => {
    const { values, draws, resamples } = drawn(
      states(
        () => 4,
        () => 4,
        3,
      ),
      [],
      5,
    );
    const sorted = draws.slice(0, resamples).sort();
    expect(sorted[Math.floor(0.005 * resamples)]!).toBeLessThan(0);
    expect(Math.abs(values[0]!)).toBeLessThan(3);
  });
});

describe("overlap × depth", () => {
  it("finds a gap that closes as near words come apart", () => {
    const level = states(
      () => 6,
      () => 6,
      4,
    );
    const of = estimatesOf(
      states(
        (depth) => 2 + depth / 2,
        () => 6,
        5,
      ),
      level,
    );
    expect(of("tangle-gap-early").lo).toBeGreaterThan(0);
    expect(of("tangle-gap-change").hi).toBeLessThan(0);
    expect(of("tangle-gap-change-beyond-rw").hi).toBeLessThan(0);
    expect(of("apart-near-change").lo).toBeGreaterThan(0);
  });

  it("finds no interaction where both kinds move apart alike", () => {
    let missed = 0;
    for (let seed = 10; seed < 40; seed++) {
      const apart = (depth: number) => 3 + depth / 2;
      const { lo, hi } = estimatesOf(states(apart, apart, seed), states(apart, apart, seed + 100))("tangle-gap-change");
      if (lo > 0 || hi < 0) missed++;
    }
    // 5 % of 30 is 1.5; 6 or more has a chance below 1 %.
    expect(missed).toBeLessThan(6);
  }, 90_000);
});
