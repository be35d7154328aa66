import { describe, expect, it } from "vitest";
import { contrastOf, depthCurve, matchedContrast } from "../../../pipeline/experiments/units/depth-contrasts.ts";
import {
  DEFINITIONS,
  dealtAnew,
  type ScoredUnit,
  scoreUnit,
  type Yardstick,
} from "../../../pipeline/experiments/units/score-units.ts";
import { intervals } from "../../../pipeline/statistics/bootstrap.ts";
import { random } from "../../../pipeline/statistics/random.ts";
import { categories, concepts, DOCUMENTS, LENGTH, positions, tokens } from "./support.ts";

const BLOCKS = 6;
const clusters = Int16Array.from(tokens, (token) => token % 8);
const yardstick: Yardstick = { positions, concepts, codebooks: [{ name: "8", clusters }], contexts: 20 };
const place = (block: number, unit: number) => ({ block, unit, rate: 0.1 });

/** A unit that fires for a token of its own, or, with many meanings, for three tokens of different clusters and a category. */
function planted(block: number, unit: number, many: boolean): Float32Array {
  const { normal, int } = random(1000 * block + unit + 7);
  const first = int(40);
  const of = many ? [first, (first + 3) % 40, (first + 6) % 40] : [first];
  const category = many ? int(5) : -1;
  return Float32Array.from(
    tokens,
    (token, i) => Number(of.includes(token)) + 0.7 * Number(categories[i] === category) + 0.05 * normal(),
  );
}

const model = (isMany: (block: number, unit: number) => boolean, units: number): Float32Array[][] =>
  Array.from({ length: BLOCKS }, (_, b) => Array.from({ length: units }, (_, u) => planted(b, u, isMany(b, u))));
const scores = (values: readonly (readonly Float32Array[])[]): ScoredUnit[] =>
  values.flatMap((of, block) => of.map((each, unit) => scoreUnit(each, yardstick, place(block, unit))));
const options = { resamples: 400, seed: 5 };
const of = (units: readonly ScoredUnit[], contrast: "early-minus-middle" | "early-minus-late") =>
  DEFINITIONS.map((definition) => {
    const curve = depthCurve(
      units.map(({ block, scores: by }) => ({ block, score: by[definition] })),
      BLOCKS,
      options,
    );
    return intervals(contrastOf(curve, contrast))[0]!;
  });

describe("where units of many meanings lie", () => {
  const early = model((block) => block < 2, 8);

  it("early concentration that is there is found by all three definitions, against middle and late", () => {
    const units = scores(early);
    for (const contrast of ["early-minus-middle", "early-minus-late"] as const)
      of(units, contrast).forEach(({ lo }, i) => {
        expect(lo, DEFINITIONS[i]).toBeGreaterThan(0.1);
      });
  });

  it("and it is lost when activations are moved to other documents", () => {
    const order = random(3).shuffle(Array.from({ length: DOCUMENTS }, (_, d) => d));
    const shuffled = scores(early.map((units) => units.map((each) => dealtAnew(each, order, LENGTH))));
    for (const interval of of(shuffled, "early-minus-middle")) {
      expect(interval.lo).toBeLessThanOrEqual(0);
      expect(interval.hi).toBeGreaterThanOrEqual(0);
    }
  });

  it("the same concentration late has the other sign", () => {
    for (const { hi } of of(scores(model((block) => block >= 4, 8)), "early-minus-late")) expect(hi).toBeLessThan(-0.1);
  });

  it("where it is only a matter of rate, units matched in rate don't show it", () => {
    const isMany = (block: number, unit: number) => unit < (block < 2 ? 6 : 3);
    const units = scores(model(isMany, 8)).map((unit) => ({
      ...unit,
      rate: isMany(unit.block, unit.unit) ? 0.3 : 0.1,
    }));
    const [raw] = of(units, "early-minus-middle");
    const by = units.map(({ block, rate, scores: { clusters: score } }) => ({ block, rate, score }));
    const [matched] = intervals(matchedContrast(by, BLOCKS, "early-minus-middle", 2, options));
    expect(raw!.lo).toBeGreaterThan(0);
    expect(matched!.lo).toBeLessThan(0);
    expect(matched!.hi).toBeGreaterThan(0);
    expect(Math.abs(matched!.value)).toBeLessThan(0.05);
  });
});

it("without a difference none is found more often than one time in ten, at a stated rate of one in twenty", () => {
  const pool = scores(model((_, unit) => unit % 3 === 0, 60));
  const { shuffle } = random(12);
  const runs = 40;
  const found = DEFINITIONS.map(() => 0);
  for (let run = 0; run < runs; run++) {
    const drawn = shuffle(pool)
      .slice(0, 120)
      .map((unit, i) => ({ ...unit, block: i % BLOCKS }));
    of(drawn, "early-minus-late").forEach(({ lo, hi }, i) => {
      if (lo > 0 || hi < 0) found[i]!++;
    });
  }
  for (const count of found) expect(count).toBeLessThanOrEqual(4);
});
