import { describe, expect, it } from "vitest";
import { whyMissing } from "../../../pipeline/artifacts/missing.ts";
import type { Effects, PathPair } from "../../../pipeline/experiments/named/garden-effects.ts";
import { keptEstimates, missingEffects, signTable } from "../../../pipeline/experiments/named/kept-estimates.ts";
import { random } from "../../../pipeline/statistics/random.ts";

interface Planted {
  /** Nats that the minority sense's removal costs a garden path, and either kind of sentence whatever sense it needs. */
  readonly kept: number;
  readonly damage: number;
  readonly right?: number;
}

/** Fourteen nouns of six pairs, with a way of its own for each noun and noise on every pair. */
function pairs(seed: number, { kept, damage, right = 1 }: Planted): PathPair[] {
  const { normal, uniform } = random(seed);
  return Array.from({ length: 14 }, (_, noun) => {
    const own = 0.05 * normal();
    return Array.from({ length: 6 }, (_, k): PathPair => {
      const near = (x: number) => x + 0.1 * normal();
      const effects = (minority: number): Effects => ({
        minority: { own: near(minority + own), random: near(damage) },
        majority: { own: near(0.2), random: near(damage) },
        set: { own: near(2 * minority + own), random: near(2 * damage) },
        added: { own: near(own - minority), random: near(damage) },
      });
      return {
        lemma: `noun ${noun}`,
        item: `noun-${noun}-${k}`,
        opening: (k % 2) as 0 | 1,
        right: uniform() < right,
        garden: effects(damage + kept),
        control: effects(damage),
        cueWeight: 0.5,
        taken: 0.05,
        held: [0.1],
        heldMajority: [0.8],
        heldOthers: [-0.2],
      };
    });
  }).flat();
}

const estimatesOf = (found: readonly PathPair[]) => {
  const estimates = keptEstimates(found, [0], 1);
  return (id: string) => estimates.find((one) => one.id === id);
};

describe("a sense that is kept for a turn", () => {
  it("is found where its removal costs the garden path alone, beyond random directions", () => {
    const of = estimatesOf(pairs(1, { kept: 0.3, damage: 0.1 }));
    for (const id of ["interaction", "interaction-beyond-rd", "garden-minority-beyond-rd", "interaction-all"])
      expect(of(id)!.lo, id).toBeGreaterThan(0);
    expect(of("interaction")!.value).toBeCloseTo(0.3, 1);
    expect(of("interaction")).toMatchObject({ control: "interaction-rd", difference: "interaction-beyond-rd" });
  });

  it("shows in a set amount by its size, and with the other sign where that much is put in", () => {
    const of = estimatesOf(pairs(4, { kept: 0.3, damage: 0.1 }));
    expect(of("interaction-set")!.value).toBeCloseTo(0.6, 1);
    expect(of("interaction-set-beyond-rd")!.lo).toBeGreaterThan(0);
    expect(of("garden-added-beyond-rd")!.hi).toBeLessThan(0);
  });

  it("is not found where any removal does the same damage everywhere, more often than at the stated rate", () => {
    let found = 0;
    for (let seed = 0; seed < 40; seed++) {
      const { lo, hi } = estimatesOf(pairs(100 + seed, { kept: 0, damage: 0.3 }))("interaction")!;
      found += Number(lo > 0 || hi < 0);
    }
    // Over 14 nouns a percentile interval is somewhat narrow: nearer 8 % than 5 %.
    expect(found).toBeLessThanOrEqual(8);
  });

  it("is asked of pairs that are read rightly alone, and said to be missing where these are few", () => {
    const few = pairs(2, { kept: 0.3, damage: 0.1, right: 0.1 });
    const of = estimatesOf(few);
    expect(of("interaction")).toBeUndefined();
    expect(of("interaction-all")!.lo).toBeGreaterThan(0);
    const tables = missingEffects(few);
    expect(whyMissing({ tables }, "interaction")).toMatch(
      /of 84 pairs of sentences.* are read rightly by this model, and 20/,
    );
    expect(whyMissing({ tables }, "interaction-rd")).toBeDefined();
    expect(missingEffects(pairs(2, { kept: 0, damage: 0 }))).toEqual({});
  });

  it("has a sign-flip test over pairs beside it", () => {
    const p = (planted: Planted) => signTable(pairs(3, planted), 1).rows.find((row) => row[1] === "interaction")!;
    expect(p({ kept: 0.3, damage: 0.1 })[4]).toBeLessThan(0.01);
    expect(p({ kept: 0, damage: 0.1 })[4]).toBeGreaterThan(0.05);
  });
});
