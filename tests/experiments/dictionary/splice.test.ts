import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codesOf, written } from "../../../pipeline/experiments/dictionary/codes.ts";
import { collectRows, pointsOfBlock } from "../../../pipeline/experiments/dictionary/collect.ts";
import { replacementLosses } from "../../../pipeline/experiments/dictionary/replacement.ts";
import { scaleOf, standardised } from "../../../pipeline/experiments/dictionary/scale.ts";
import { dictionarySplice, meanSplice, unitsSplice } from "../../../pipeline/experiments/dictionary/splice.ts";
import { untrained } from "../../../pipeline/experiments/dictionary/training.ts";
import { nodeRuntime } from "../../../pipeline/runtime/node-runtime.ts";
import { type OpenedLanguageModel, openLanguageModel } from "../../../pipeline/runtime/open-model.ts";

const DOCUMENTS = Array.from({ length: 6 }, (_, d) => Array.from({ length: 12 }, (_, t) => 3 + ((5 * d + 7 * t) % 90)));
const { signal } = new AbortController();
const quiet = () => {};

describe("dictionaries in the embedded model", () => {
  let opened: OpenedLanguageModel;
  const points = pointsOfBlock(2);
  const everywhere = DOCUMENTS.map((ids) => ids.map((_, t) => t > 0));
  beforeAll(async () => {
    opened = await openLanguageModel("soundings-2m");
  });
  afterAll(() => opened?.release());
  const material = async () => {
    const rows = await collectRows(opened.model, DOCUMENTS, points, signal, quiet);
    return { rows, read: scaleOf(rows.read), written: scaleOf(rows.written), stream: scaleOf(rows.stream) };
  };

  it("write at a point what their codes say, where they are let, and nothing elsewhere", async () => {
    const { rows, read, written: scale } = await material();
    const lesson = {
      read: standardised(rows.read, read),
      written: standardised(rows.written, scale),
      features: 40,
      k: 3,
      seed: 1,
    };
    const weights = untrained(lesson);
    const made = written(
      await codesOf(nodeRuntime({ threads: 1 }), weights, lesson.read, { k: 3, centred: false }),
      weights,
    );
    const { intervention, feeds } = dictionarySplice(points.written, points.read, weights, 3, { read, written: scale });
    const where = {
      type: "bool" as const,
      shape: [1, 12],
      data: Uint8Array.from({ length: 12 }, (_, t) => Number(t > 1)),
    };
    const request = {
      points: [points.stream, "blocks.2.hook_resid_mid"],
      interventions: [intervention],
      feeds: () => ({ ...feeds, "dictionary.where": where }),
    };
    for await (const { outputs } of opened.model.run([DOCUMENTS[0]!], request)) {
      const [after, before] = request.points.map((point) => outputs[point]!.data as Float32Array);
      const width = made.width;
      for (let t = 1; t < 12; t++)
        for (let j = 0; j < width; j++) {
          const row = (t - 1) * width + j;
          const expected = t > 1 ? made.data[row]! * scale.deviation[j]! + scale.mean[j]! : rows.written.data[row]!;
          expect(Math.abs(after![t * width + j]! - before![t * width + j]! - expected)).toBeLessThan(1e-3);
        }
    }
  });

  it("cost nothing where they stand nowhere, all units kept cost nothing, the mean costs something", async () => {
    const { rows, written: scale, stream } = await material();
    const nowhere = DOCUMENTS.map((ids) => ids.map(() => false));
    const losses = async (kept: boolean[][], splices: Parameters<typeof replacementLosses>[3]) => {
      const found = await replacementLosses(opened.model, DOCUMENTS, kept, splices, signal, quiet);
      const sum = (condition: string, of: "surprisal" | "same" | "positions") =>
        found.filter((row) => row.condition === condition).reduce((total, row) => total + row[of], 0);
      return sum;
    };
    const all = await losses(everywhere, {
      mean: meanSplice(points.stream, stream),
      units: unitsSplice(points.units, opened.model.config.dMlp, scaleOf(rows.units)),
      few: unitsSplice(points.units, 2, scaleOf(rows.units)),
    });
    expect(all("clean", "same")).toBe(all("clean", "positions"));
    expect(all("clean", "positions")).toBe(6 * 10);
    expect(all("units", "surprisal")).toBeCloseTo(all("clean", "surprisal"), 3);
    expect(Math.abs(all("few", "surprisal") - all("clean", "surprisal"))).toBeGreaterThan(0.1);
    expect(all("mean", "surprisal")).not.toBeCloseTo(all("clean", "surprisal"), 0);
    expect(all("mean", "same")).toBeLessThan(all("clean", "same"));
    const none = await losses(nowhere, { mean: meanSplice(points.written, scale) });
    expect(none("mean", "positions")).toBe(0);
  });
});
