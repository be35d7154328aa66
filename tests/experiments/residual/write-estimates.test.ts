import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Estimate } from "../../../pipeline/artifacts/schema.ts";
import { noSums, readWrites, type WriteSums } from "../../../pipeline/experiments/residual/read-writes.ts";
import { writeEstimates } from "../../../pipeline/experiments/residual/write-estimates.ts";
import { summarise } from "../../../pipeline/experiments/residual/write-summaries.ts";
import { type OpenedLanguageModel, openLanguageModel } from "../../../pipeline/runtime/open-model.ts";

const DOCUMENTS = Array.from({ length: 6 }, (_, d) => Array.from({ length: 8 }, (_, t) => 3 + ((5 * d + 7 * t) % 90)));
/** No token is a sink where the medians are beyond all norms. */
const quiet = (massive: number[]) => ({
  medianNorm: new Array<number>(9).fill(1e9),
  massive: massive.map((dimension) => ({ dimension, share: 1, depth: 1 })),
});

describe("writes of the embedded model", () => {
  let opened: OpenedLanguageModel;
  let random: WriteSums;
  const read = async (massive: number[], model = opened.model) => {
    const sums = noSums(DOCUMENTS.length, model.config.nLayers);
    const every = DOCUMENTS.map((_, d) => d);
    await readWrites(model, DOCUMENTS, every, quiet(massive), sums, { seed: 1, progress: () => {} });
    return sums;
  };
  const estimatesOf = (model: WriteSums, re: WriteSums) => {
    const calibration = quiet([]);
    const sums = { model, rw: random, re };
    const results = { nLayers: opened.model.config.nLayers, seed: 1, sums, calibration, randomCalibrations: [] };
    return new Map(writeEstimates(results, summarise(results)).map((e): [string, Estimate] => [e.id, e]));
  };
  beforeAll(async () => {
    opened = await openLanguageModel("soundings-2m");
    random = await read([], await opened.randomWeights("permuted", 1));
  });
  afterAll(() => opened?.release());

  it("have each their part in the logit, and less of it without some dimensions", async () => {
    const whole = await read([]);
    const { nLayers } = opened.model.config;
    const parts = 2 * nLayers + 1;
    const row = (sums: WriteSums, document: number, trimmed: 0 | 1) =>
      sums.attribution.slice((2 * document + trimmed) * parts, (2 * document + trimmed + 1) * parts);
    const [out, rest] = [[0, 5, 9], Array.from({ length: opened.model.config.dModel }, (_, d) => d)];
    const some = await read(out);
    const others = await read(rest.filter((d) => !out.includes(d)));
    for (const document of DOCUMENTS.keys()) {
      expect([...row(whole, document, 1)]).toEqual([...row(whole, document, 0)]);
      // What is written through some dimensions and through all the others is what is written.
      for (const [i, all] of row(whole, document, 0).entries())
        expect(row(some, document, 1)[i]! + row(others, document, 1)[i]!).toBeCloseTo(all, 3);
    }
  });

  it("stand beside random weights, random blocks and random directions, each with its difference", async () => {
    const whole = await read([]);
    const estimates = estimatesOf(whole, whole);
    for (const [id, { value }] of estimates) if (id.endsWith("-beyond-re")) expect(value).toBeCloseTo(0, 9);
    for (const id of ["ratio-middle", "turn-middle-all", "attribution-mlp", "attribution-attention-trimmed"]) {
      const [own, re] = [estimates.get(id)!, estimates.get(`${id}-re`)!];
      expect(re.value).toBeCloseTo(own.value, 9);
      expect(own.control).toBe(`${id}-rw`);
      expect(estimates.get(`${id}-beyond-rw`)!.value).toBeCloseTo(own.value - estimates.get(`${id}-rw`)!.value, 9);
    }
    for (const id of ["turn-middle", "cosine-middle-mlp", "final-late-attention", "rest-late-mlp-all"])
      expect(estimates.get(`${id}-beyond-rd`)!.value).toBeCloseTo(
        estimates.get(id)!.value - estimates.get(`${id}-rd`)!.value,
        9,
      );
  });
});
