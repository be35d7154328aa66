import { expect, it } from "vitest";
import { causeCurves, causeEstimates, headTable } from "../../../pipeline/experiments/causes/cause-estimates.ts";
import type { NounEffects } from "../../../pipeline/experiments/causes/measure-nouns.ts";
import { random } from "../../../pipeline/statistics/random.ts";

const BLOCKS = 3;
const HEADS = 4;

/** Nouns of which attention in block 1 writes six tenths of the sense and an MLP four; one head reads the cue. */
function nouns(planted: boolean): NounEffects[] {
  const { normal } = random(planted ? 1 : 2);
  const noisy = (size: number, at: Record<number, number>) =>
    Float64Array.from({ length: size }, (_, i) => 100 * (planted ? (at[i] ?? 0) : 0) + 3 * normal());
  return Array.from({ length: 14 }, (_, n) => {
    const effects = () => [noisy(2 * BLOCKS, { 2: 0.6, 3: 0.4 }), noisy(2 * BLOCKS, {})] as const;
    return {
      lemma: `noun ${n}`,
      sentences: 20,
      clean: 100 + normal(),
      right: [planted ? 18 : 10, 10],
      direct: effects(),
      patched: effects(),
      ablated: effects(),
      cutCue: planted ? 50 + 3 * normal() : 3 * normal(),
      cutOther: 3 * normal(),
      cutHeads: noisy(BLOCKS * HEADS, { 5: 0.3 }),
    };
  });
}
const byId = (planted: boolean) => new Map(causeEstimates(nouns(planted), 1).map((each) => [each.id, each]));

it("finds what was planted, beyond its controls", () => {
  const found = byId(true);
  expect(found.get("direct-attention")!.value).toBeCloseTo(0.6, 1);
  expect(found.get("ablated-mlp")!.value).toBeCloseTo(0.4, 1);
  expect(found.get("cut-cue")!.value).toBeCloseTo(0.5, 1);
  expect(found.get("best-head")!.value).toBeCloseTo(0.3, 1);
  for (const id of [
    "direct-attention-beyond-sl",
    "ablated-mlp-beyond-sl",
    "cut-cue-beyond-other",
    "best-head-beyond-mean",
  ])
    expect(found.get(id)!.lo).toBeGreaterThan(0);
  const [first] = headTable(nouns(true), HEADS, 1).rows;
  expect(first!.slice(0, 2)).toEqual([1, 1]);
  expect(first![4]).toBeLessThan(0.05);
  expect(causeCurves(nouns(true), 1)).toHaveLength(3 * 4 * BLOCKS);
});

it("finds nothing where nothing was", () => {
  const found = byId(false);
  for (const id of ["direct-attention", "direct-mlp", "cut-cue-beyond-other"])
    expect(found.get(id)!.lo < 0.02 && found.get(id)!.hi > -0.02).toBe(true);
  expect(headTable(nouns(false), HEADS, 1).rows.every((row) => (row[4] as number) > 0.05)).toBe(true);
});
