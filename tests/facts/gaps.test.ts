import { describe, expect, it } from "vitest";
import { gapsOf, timesNeeded } from "../../src/facts/gaps.ts";
import { readFacts } from "../../src/facts/site.ts";
import { estimate, prediction } from "../artifacts/samples.ts";

describe("the gaps of the invented vault", () => {
  const facts = readFacts("tests/fixtures/vault");
  const gaps = gapsOf(facts);

  it("name each untested claim with the experiment that would settle it and its cost", () => {
    const untested = [...facts.claims.values()].filter(({ first }) => first.verdict === "untested");
    expect(gaps.untested.map(({ claim }) => claim.key)).toEqual(untested.map(({ key }) => key));
    for (const { settling } of gaps.untested) {
      expect(settling.length).toBeGreaterThan(0);
      for (const { cost, title } of settling) expect(cost && title).not.toBe("");
    }
  });

  it("say how much more of the same an undecided prediction would take", () => {
    const [only, ...more] = gaps.undecided;
    expect(more).toEqual([]);
    expect(only!.claim.first.verdict).toBe("inconclusive");
    const { lo, hi, value, n } = only!.reason.estimate!;
    const at = only!.reason.prediction.above ?? only!.reason.prediction.below!;
    const halfWidth = ((hi - lo) / 2) * Math.sqrt(n / only!.needed.n);
    expect(halfWidth).toBeLessThanOrEqual(Math.abs(value - at));
    expect(only!.needed.seconds).toBeGreaterThan(facts.measured("fixture-a", only!.experiment.id)!.provenance.seconds);
  });

  it("say what each model has not been put to", () => {
    expect(gaps.unmeasured.map(({ subject }) => subject.id)).toContain("fixture-b");
    for (const { subject, experiments } of gaps.unmeasured)
      for (const { id } of experiments) expect(facts.measured(subject.id, id)).toBeUndefined();
  });
});

it("an interval twice too wide needs four times as many; one on the edge itself never gets off it", () => {
  const of = (lo: number, hi: number) =>
    timesNeeded({ estimate: estimate("x", lo, hi), prediction: prediction("x", { above: 0 }) });
  expect(of(-0.1, 0.3)).toBeCloseTo(4);
  expect(of(-0.1, 0.1)).toBe(Number.POSITIVE_INFINITY);
});
