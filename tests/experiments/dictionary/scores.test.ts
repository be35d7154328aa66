import { expect, it } from "vitest";
import { Estimate } from "../../../pipeline/artifacts/schema.ts";
import { dealtOut, featuresToScore, scoreSeries } from "../../../pipeline/experiments/dictionary/feature-scores.ts";
import { SPACES } from "../../../pipeline/experiments/dictionary/fit.ts";
import { foundIn, tablesOf } from "../../../pipeline/experiments/dictionary/rows.ts";
import { experiment } from "../../../pipeline/experiments/dictionary.ts";
import type { Yardstick } from "../../../pipeline/experiments/units/score-units.ts";
import { random } from "../../../pipeline/statistics/random.ts";
import { gatherContext } from "../support/gather-context.ts";
import { categories, concepts, DOCUMENTS, LENGTH, positions, tokens } from "../units/support.ts";

const yardstick: Yardstick = {
  positions,
  concepts,
  codebooks: [{ name: "8", clusters: Int16Array.from(tokens, (token) => token % 8) }],
  contexts: 8,
};
/** A sparse feature: silent but where `fires` says so. */
const sparse = (seed: number, fires: (i: number) => boolean) => {
  const { uniform } = random(seed);
  return Float32Array.from(tokens, (_, i) => (fires(i) ? 1 + uniform() : 0));
};
const { uniform } = random(31);
const by = Float64Array.from(tokens, () => uniform());
const of = (values: Float32Array, feature = 0) =>
  scoreSeries("test", [{ feature, rate: 0.02, values }], yardstick).features[0]!;

it("a sparse feature of one token has one meaning by all scores, one that fires at random has none", () => {
  const token = of(sparse(1, (i) => tokens[i] === 7));
  expect([token.clusters, token.concept, token.predictor].every((score) => score < 0.15)).toBe(true);
  expect(token.best).toBe("token: 7");
  const chance = of(sparse(2, (i) => by[i]! < 0.02));
  expect(chance.clusters).toBeGreaterThan(0.75);
  // The order of its silent positions, document after document, would find a category, if equal activations had an order.
  expect(chance.concept).toBeGreaterThan(0.95);
  expect(chance.predictor).toBeGreaterThan(0.95);
});

it("on other documents' activations a feature means nothing", () => {
  const candidate = { feature: 3, rate: 0.02, values: sparse(3, (i) => tokens[i] === 7) };
  const [dealt] = dealtOut([candidate], yardstick, 1, 5);
  expect(of(dealt!.values).concept).toBeGreaterThan(0.9);
  expect(of(sparse(4, (i) => categories[i] === 2 && by[i]! < 0.3)).concept).toBeLessThan(0.9);
});

it("features are scored that fire in enough documents, evenly over how often they fire", () => {
  // Of 40 features, number f fires at every (f + 2)nd position; the last 8 in one document alone.
  const [k, features] = [1, 40];
  const at = Int32Array.from(tokens, (_, i) => (i < LENGTH ? 32 + (i % 8) : i % 32));
  const values = new Float32Array(at.length).fill(1);
  const { candidates, liveness } = featuresToScore({ k, features, values, at }, yardstick, 8, 16, 1);
  expect(liveness).toEqual({ features: 40, firing: 40, scorable: 32 });
  expect(candidates).toHaveLength(8);
  for (const { feature, rate, values: own } of candidates) {
    expect(feature).toBeLessThan(32);
    expect(own.filter((x) => x > 0)).toHaveLength(at.filter((a) => a === feature).length);
    expect(rate).toBeCloseTo(own.filter((x) => x > 0).length / tokens.length, 6);
  }
});

/** What a shard would find whose features fire for `meanings` tokens each, and whose dictionary explains `fit`. */
function shardOf(block: number, meanings: number, fit: number, seed: number) {
  const { int } = random(seed);
  const detectors = (series: string, count: number, wide: number) =>
    scoreSeries(
      series,
      Array.from({ length: count }, (_, feature) => {
        const own = Array.from({ length: wide }, () => int(40));
        return {
          feature,
          rate: (0.025 * wide * (feature + 1)) / count,
          values: sparse(feature, (i) => own.includes(tokens[i]!)),
        };
      }),
      yardstick,
    );
  const parts = ["tc", "sae"].flatMap((kind) => [
    detectors(kind, 12, meanings),
    detectors(`${kind}-rd`, 12, 4),
    detectors(`${kind}-sl`, 4, 8),
  ]);
  const all = [...parts, detectors("units", 12, 4)];
  const each = Array.from({ length: DOCUMENTS }, (_, document) => document);
  return tablesOf({
    features: all.flatMap((part) => part.features),
    influences: all.flatMap((part) => part.influences),
    fits: ["tc", "sae"].flatMap((kind) =>
      [kind, `${kind}-rd`].flatMap((series) =>
        SPACES.flatMap((space) =>
          each.map((document) => ({ series, space, document, error: series === kind ? 1 - fit : 1, total: 1 })),
        ),
      ),
    ),
    losses: Object.entries({
      clean: 3,
      "tc-mean": 5,
      tc: 5 - 2 * fit,
      "tc-mu": 4,
      "sae-mean": 7,
      sae: 7 - 4 * fit,
      "sae-rd": 6,
    }).flatMap(([condition, surprisal]) =>
      each
        .slice(0, 10)
        .map((document) => ({ condition, document, surprisal, same: condition === "clean" ? 1 : 0, positions: 1 })),
    ),
    dictionaries: ["tc", "sae"].flatMap((series) => [
      {
        series,
        features: 100,
        firing: 80,
        scorable: 60,
        active: 4,
        stable: block === 5 ? 40 : -1,
        stableByChance: block === 5 ? 0 : -1,
      },
    ]),
    counts: [{ what: "block", value: block }],
  });
}

async function estimatesOf(meanings: readonly [number, number, number]) {
  const shards = new Map(
    [1, 5, 9].flatMap((block, i) => {
      const third = ["early", "middle", "late"][i]!;
      return [
        [`trained-${third}`, shardOf(block, meanings[i]!, 0.8, 10 + i)] as const,
        [`random-${third}`, shardOf(block, 2, 0.5, 20 + i)] as const,
      ];
    }),
  );
  const { tables, estimates } = await experiment.run(gatherContext(1, shards), {
    ...experiment.parameters,
    resamples: 400,
  });
  for (const estimate of estimates) Estimate.parse(estimate);
  expect(new Set(estimates.map(({ id }) => id)).size).toBe(estimates.length);
  return { tables, value: (id: string) => estimates.find((estimate) => estimate.id === id)! };
}

it("early features that were given more meanings are found, under the scores that see it; and none are where none were", async () => {
  const { value, tables } = await estimatesOf([3, 1, 1]);
  for (const kind of ["tc", "sae"])
    for (const definition of ["clusters", "concept", "predictor"])
      for (const other of ["middle", "late"]) {
        const found = value(`${kind}-${definition}-early-minus-${other}`);
        if (definition === "predictor") continue;
        expect(found.lo).toBeGreaterThan(0);
        expect(value(found.difference!).lo).toBeGreaterThan(0);
        expect(found.control).toBe(`${found.id}-rw`);
      }
  expect(value("tc-concept-minus-units").value).toBeLessThan(0);
  expect(value("tc-explained-early").value).toBeCloseTo(0.8, 6);
  expect(value("tc-explained-early-beyond-rw").value).toBeCloseTo(0.3, 6);
  expect(value("tc-recovered-late").value).toBeCloseTo(0.8, 6);
  expect(value("tc-recovered-late-mu").value).toBeCloseTo(0.5, 6);
  expect(value("sae-recovered-late-rd").value).toBeCloseTo(0.25, 6);
  expect(value("sae-stable-middle").value).toBeCloseTo(0.5, 6);
  expect(value("sae-stable-middle-rd").value).toBe(0);
  expect(
    tables.curves!.rows.filter(([quantity]) => quantity === "tc-concept").map(([, series, x]) => `${series} ${x}`),
  ).toEqual(["model", "RW", "RD", "SL", "MU"].flatMap((series) => [1, 5, 9].map((x) => `${series} ${x}`)));
  const none = await estimatesOf([2, 2, 2]);
  const differs = ["tc", "sae"].flatMap((kind) =>
    ["clusters", "concept"].flatMap((definition) =>
      ["middle", "late"].filter((other) => none.value(`${kind}-${definition}-early-minus-${other}`).lo > 0),
    ),
  );
  expect(differs.length).toBeLessThan(3);
});

it("what a shard hands on comes back as it was, to float32", () => {
  const tables = shardOf(3, 2, 0.7, 3);
  const back = foundIn(tables);
  expect(tablesOf(back)).toEqual(tables);
  expect(back.influences.every(({ influence }) => influence.length === DOCUMENTS)).toBe(true);
});
