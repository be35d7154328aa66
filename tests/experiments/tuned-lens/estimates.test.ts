import { expect, it } from "vitest";
import { columnOf, columnsOf, type LensSums } from "../../../pipeline/experiments/lens/lens-sums.ts";
import { drawDocuments } from "../../../pipeline/experiments/lens/paired.ts";
import { figuresOf, type ReadOuts, tunedEstimates } from "../../../pipeline/experiments/tuned-lens/estimates.ts";
import { random } from "../../../pipeline/statistics/random.ts";

const DEPTHS = Array.from({ length: 11 }, (_, i) => 3 * i);
const family = { n: 40, per: "document", method: "test" };

/** Documents whose KL at each depth is as `kl` says, with noise of each document's own. */
function draws(kl: (depth: number) => number, seed: number, noise = 0.3) {
  const { normal } = random(seed);
  const n = DEPTHS.length;
  const documents = Array.from({ length: 40 }, (): LensSums => {
    const off = noise * normal();
    const sums = new Float64Array(columnsOf(n));
    DEPTHS.forEach((depth, i) => {
      sums[columnOf("kl", i, n)] = depth === 30 ? 0 : 10 * (kl(depth) + off * (1 - depth / 30) + 0.05 * normal());
    });
    return { sums, positions: 10 };
  });
  return drawDocuments(documents, 7);
}
const level = draws(() => 3, 9);
const estimatesOf = (closed: ReturnType<typeof draws>, RW = level) => {
  const readOuts: ReadOuts = { closed, trained: closed, trimmed: closed, logit: level, SL: level, RW };
  return new Map(tunedEstimates(readOuts, DEPTHS, 100, family).map((each) => [each.id, each]));
};

it("an even way down has a third in each third of the stack", () => {
  const found = estimatesOf(draws((depth) => 3 * (1 - depth / 30), 1));
  for (const third of ["early", "middle", "late"])
    expect(found.get(`kl-share-${third}-trained`)!.value).toBeCloseTo(1 / 3, 1);
  const total = ["early", "middle", "late"].reduce((sum, third) => sum + found.get(`kl-share-${third}`)!.value, 0);
  expect(total).toBeCloseTo(1, 9);
});

it("a cliff in the last third is told as one", () => {
  const found = estimatesOf(draws((depth) => (depth <= 20 ? 3 : 0.3 * (30 - depth)), 2));
  expect(found.get("kl-share-late-trained")!.lo).toBeGreaterThan(0.5);
  expect(found.get("kl-share-early-trained")!.hi).toBeLessThan(0.2);
});

it("a fall is beyond a control that stays level, and not beyond one that falls as far", () => {
  const falls = (seed: number) => draws((depth) => 3 * (1 - depth / 30), seed);
  expect(estimatesOf(falls(3)).get("kl-change-beyond-rw")!.hi).toBeLessThan(0);
  let missed = 0;
  for (let seed = 10; seed < 50; seed++) {
    const { lo, hi } = estimatesOf(falls(seed), falls(seed + 100)).get("kl-change-beyond-rw")!;
    if (lo > 0 || hi < 0) missed++;
  }
  // 5 % of 40 is 2; 7 or more has a chance below 1 %.
  expect(missed).toBeLessThan(7);
}, 60_000);

it("gives one figure for each that has a name", () => {
  const found = estimatesOf(level);
  const values = figuresOf(level, DEPTHS, 100).values.length;
  expect([...found.keys()].filter((id) => id.endsWith("-trained")).length).toBe(values);
});
