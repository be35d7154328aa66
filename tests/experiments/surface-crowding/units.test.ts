import { describe, expect, it } from "vitest";
import { dealtAmongTokens, dealtLabels, type Labels } from "../../../pipeline/experiments/surface-crowding/labels.ts";
import { leadsOf, toldBy } from "../../../pipeline/experiments/surface-crowding/told-by.ts";
import { type LedUnit, unitsReport } from "../../../pipeline/experiments/surface-crowding/units-report.ts";
import { positionsOf } from "../../../pipeline/experiments/units/concepts.ts";
import { random } from "../../../pipeline/statistics/random.ts";

const DOCUMENTS = 40;
const LENGTH = 50;
const COUNT = DOCUMENTS * LENGTH;
const positions = positionsOf(
  DOCUMENTS,
  LENGTH,
  new Uint8Array(COUNT).fill(1),
  Uint8Array.from({ length: DOCUMENTS }, (_, d) => d % 2),
);
const { normal, int } = random(3);
/** Eighty tokens; the spelling of a token is its number modulo 5, its meaning what is left of a sixteenth of it. */
const tokens = Int32Array.from({ length: COUNT }, () => int(80));
const label = (family: Labels["family"], of: (token: number) => number, groups: number): Labels => ({
  family,
  name: family,
  at: tokens.map(of),
  groups,
});
const labels = [label("spelling", (t) => t % 5, 5), label("meaning", (t) => Math.floor(t / 16), 5)];
const dealt = dealtLabels(labels, dealtAmongTokens(tokens, random(4)));
const unit = (of: (token: number) => number, noise = 1) => Float32Array.from(tokens, (t) => of(t) + noise * normal());

describe("what tells a unit", () => {
  it("finds the planted share of variance, held out", () => {
    // 2.5 on a fifth of the tokens has variance 6.25 × 0.2 × 0.8 = 1, the noise as much.
    const values = unit((t) => (t % 5 === 0 ? 2.5 : 0));
    expect(toldBy(values, [labels[0]!], positions).value).toBeCloseTo(0.5, 1);
    expect(Math.abs(toldBy(values, [labels[1]!], positions).value)).toBeLessThan(0.03);
  });

  it("tells nothing of noise by many groups: in-sample they would tell a tenth and more", () => {
    const many: Labels = { family: "spelling", name: "many", at: tokens.map(() => int(200)), groups: 200 };
    expect(
      toldBy(
        unit(() => 0),
        [many],
        positions,
      ).value,
    ).toBeLessThan(0.02);
  });

  it("says spelling of a unit for an ending, meaning of one for a kind of thing, neither of one for a single token", () => {
    const spelled = leadsOf(
      unit((t) => (t % 5 === 0 ? 2.5 : 0)),
      labels,
      dealt,
      positions,
    );
    const meant = leadsOf(
      unit((t) => (t < 16 ? 2.5 : 0)),
      labels,
      dealt,
      positions,
    );
    const single = leadsOf(
      unit((t) => (t === 7 ? 9 : 0), 0.3),
      labels,
      dealt,
      positions,
    );
    expect(spelled.lead.value).toBeGreaterThan(0.3);
    expect(meant.lead.value).toBeLessThan(-0.3);
    expect(Math.abs(single.lead.value)).toBeLessThan(0.1);
  });

  it("its influences add up to nothing, and no document has more than a tenth of the whole", () => {
    const values = unit((t) => (t % 5 === 0 ? 2.5 : 0));
    const { influence, value } = toldBy(values, [labels[0]!], positions);
    expect(Math.abs(influence.reduce((a, b) => a + b, 0))).toBeLessThan(1e-9);
    expect(Math.max(...influence.map(Math.abs))).toBeLessThan(0.1 * value);
  });

  it("labels are dealt among tokens of like frequency, all positions of one among those of one other", () => {
    const from = dealtAmongTokens(tokens, random(9));
    const partner = new Map<number, Set<number>>();
    from.forEach((source, i) => {
      partner.set(tokens[i]!, (partner.get(tokens[i]!) ?? new Set<number>()).add(tokens[source]!));
    });
    for (const [token, partners] of partner) {
      expect(partners.size).toBe(1);
      expect(partners.has(token)).toBe(false);
    }
  });
});

describe("units over depth", () => {
  const blocks = 6;
  const unitsOf = (spelled: (block: number) => boolean, each = 12): LedUnit[] =>
    Array.from({ length: blocks * each }, (_, i) => {
      const block = Math.floor(i / each);
      const values = unit((t) => (spelled(block) ? Number(t % 5 === 0) : Number(t < 16)) * (0.5 + (i % 4)));
      const leads = leadsOf(values, labels, dealt, positions);
      return { block, leads, mixed: leads.spelling.value + 0.1 * normal() };
    });
  const noise = () =>
    unitsOf(() => false).map(({ block }) => ({
      block,
      leads: leadsOf(
        unit(() => 0),
        labels,
        dealt,
        positions,
      ),
    }));
  const options = { resamples: 400, seed: 1 };

  it("finds a planted lead of spelling that is early alone, and the planted tie with mixedness", () => {
    const { estimates } = unitsReport({ model: unitsOf((b) => b < 2), RW: noise(), SL: noise() }, blocks, options);
    const of = (id: string) => estimates.find((each) => each.id === id)!;
    expect(of("surface-lead-early").lo).toBeGreaterThan(0);
    expect(of("surface-lead-early-beyond-rw").lo).toBeGreaterThan(0);
    expect(of("surface-lead-early-minus-late").lo).toBeGreaterThan(0);
    expect(of("spelled-and-mixed-early").lo).toBeGreaterThan(0);
  });

  it("finds no change where all blocks are alike", () => {
    let missed = 0;
    for (let run = 0; run < 20; run++) {
      const { estimates } = unitsReport({ model: unitsOf(() => true, 8), RW: noise(), SL: noise() }, blocks, {
        resamples: 300,
        seed: run,
      });
      const { lo, hi } = estimates.find(({ id }) => id === "surface-lead-early-minus-late")!;
      if (lo > 0 || hi < 0) missed++;
    }
    // 5 % of 20 is 1; 5 or more has a chance below 1 %.
    expect(missed).toBeLessThan(5);
  }, 60_000);
});
