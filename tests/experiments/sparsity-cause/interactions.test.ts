import { expect, it } from "vitest";
import { cutsOf, FIGURES } from "../../../pipeline/experiments/sparsity-cause/cut-state.ts";
import {
  advantageCurves,
  interactionEstimates,
} from "../../../pipeline/experiments/sparsity-cause/interaction-estimates.ts";
import {
  type Contrasted,
  interactions,
  shuffledDifficulty,
} from "../../../pipeline/experiments/sparsity-cause/interactions.ts";
import type { CutToken } from "../../../pipeline/experiments/sparsity-cause/read-cuts.ts";
import { intervals } from "../../../pipeline/statistics/bootstrap.ts";
import { random } from "../../../pipeline/statistics/random.ts";

const DOCUMENTS = 40;

/** Advantages of one nat with noise by document and token, and `planted` more on hard tokens. */
function tokens(planted: number, seed: number): Contrasted[] {
  const { normal } = random(seed);
  return Array.from({ length: DOCUMENTS }, (_, document) => {
    const level = normal();
    return Array.from({ length: 20 }, (_, i) => {
      const hard = i % 2 === 0;
      return { document, hard, advantage: [1 + level + 0.5 * normal() + (hard ? planted : 0)] };
    });
  }).flat();
}
const interaction = (of: Contrasted[]) => intervals(interactions(of, DOCUMENTS, 1))[2]!;

it("finds a planted interaction, and shuffled difficulty loses it", () => {
  const planted = tokens(0.4, 1);
  const found = interaction(planted);
  expect(found.lo).toBeGreaterThan(0);
  expect(found.value).toBeCloseTo(0.4, 1);
  const control = interaction(shuffledDifficulty(planted, 2));
  expect(control.lo).toBeLessThan(0);
  expect(control.hi).toBeGreaterThan(0);
});

it("finds none where none was, at about the stated rate", () => {
  const outside = Array.from({ length: 100 }, (_, i) => interaction(tokens(0, 100 + i))).filter(
    ({ lo, hi }) => lo > 0 || hi < 0,
  );
  expect(outside.length).toBeLessThanOrEqual(12);
});

it("dealing difficulty out anew keeps each document's numbers of hard and easy", () => {
  const before = tokens(0, 3);
  const after = shuffledDifficulty(before, 4);
  const hard = (of: Contrasted[], document: number) => of.filter((t) => t.document === document && t.hard).length;
  for (let d = 0; d < DOCUMENTS; d++) expect(hard(after, d)).toBe(hard(before, d));
});

/** Tokens of every document with a tenth kept by either rule, all figures 1 nat but what the random choice costs. */
function cutTokens(hardCosts: number, seed: number): CutToken[] {
  const { normal } = random(seed);
  const cuts = cutsOf([1]);
  return Array.from({ length: DOCUMENTS }, (_, document) =>
    Array.from({ length: 20 }, (_, i) => ({
      document,
      entropy: i,
      figures: Float32Array.from(
        cuts.flatMap(({ rule }) => FIGURES.map(() => (rule === "top" ? 1 : 2 + hardCosts + 0.3 * normal()))),
      ),
    })),
  ).flat();
}

it("gives a planted interaction with random weights beside it, which have none", () => {
  const readings = {
    ordered: cutTokens(0, 1),
    shuffled: cutTokens(0.5, 2),
    random: { ordered: cutTokens(0, 3), shuffled: cutTokens(0, 4) },
    documents: DOCUMENTS,
    sizes: [1],
    shares: [0.1],
    seed: 5,
  };
  const found = new Map(interactionEstimates(readings).map((each) => [each.id, each]));
  expect(found.get("shuffle-nll-all-10")!.lo).toBeGreaterThan(0.4);
  const control = found.get("shuffle-nll-all-10-rw")!;
  expect(control.lo).toBeLessThan(0);
  expect(control.hi).toBeGreaterThan(0);
  expect(found.get("shuffle-nll-all-10-beyond-rw")!.lo).toBeGreaterThan(0.3);
  expect(advantageCurves(readings).filter(({ series }) => series === "RW")).toHaveLength(4);
});
