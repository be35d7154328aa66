import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PairPrompts } from "../../../pipeline/artifacts/content/prompts/pairs.ts";
import { readContent } from "../../../pipeline/artifacts/content-files.ts";
import { rolesOf } from "../../../pipeline/engine/architectures/index.ts";
import { type Case, casesOf } from "../../../pipeline/experiments/heads/cases.ts";
import { attentionTo, chooseHeads, firstLook } from "../../../pipeline/experiments/heads/choose-heads.ts";
import { cutMargins, patchHeads } from "../../../pipeline/experiments/heads/patch-heads.ts";
import { writtenWords } from "../../../pipeline/experiments/heads/written-words.ts";
import { type OpenedLanguageModel, openLanguageModelAt } from "../../../pipeline/runtime/open-model.ts";
import { random } from "../../../pipeline/statistics/random.ts";

const { tasks } = readContent(process.cwd(), ["prompts"]).prompts.find(({ id }) => id === "pairs")!.data as PairPrompts;
const signal = new AbortController().signal;

let opened: OpenedLanguageModel;
let cases: Case[];
let heads: number[];
beforeAll(async () => {
  opened = await openLanguageModelAt("public/models/soundings-2m");
  cases = casesOf(tasks[0]!, "held-out", opened.tokenizer).slice(0, 6);
  const { nLayers, nHeads } = opened.model.config;
  heads = Array.from({ length: nLayers * nHeads }, (_, h) => h);
});
afterAll(() => opened.release());

describe("heads patched at the last position", () => {
  it("from the clean prompt itself change nothing", async () => {
    const same = cases.map((one) => ({ ...one, corrupted: one.clean }));
    const { falls, clean, corrupted } = await patchHeads(opened.model, same, heads, signal);
    for (const fall of falls) expect(Math.abs(fall)).toBeLessThan(1e-4);
    clean.forEach((margin, i) => {
      expect(corrupted[i]).toBeCloseTo(margin, 4);
    });
  });

  it("do each by itself, the same however many are patched", async () => {
    const { falls } = await patchHeads(opened.model, cases, heads, signal);
    const some = [3, 17, 30];
    const alone = await patchHeads(opened.model, cases, some, signal);
    cases.forEach((_, i) => {
      some.forEach((head, h) => {
        expect(alone.falls[i * some.length + h]).toBeCloseTo(falls[i * heads.length + head]!, 4);
      });
    });
    expect(Math.max(...falls.map(Math.abs))).toBeGreaterThan(0.01);
  });

  it("fall about as attribution patching says, to first order", async () => {
    const { falls } = await patchHeads(opened.model, cases, heads, signal);
    const { attribution } = await firstLook(opened.model, cases, signal);
    const means = heads.map((h) => cases.reduce((sum, _, i) => sum + falls[i * heads.length + h]!, 0) / cases.length);
    const best = attribution.indexOf(Math.max(...attribution));
    expect(attribution[best]! / means[best]!).toBeGreaterThan(0.5);
    expect(attribution[best]! / means[best]!).toBeLessThan(2);
  });
});

describe("edges cut", () => {
  it("none: the margin stays; all to the last position's own block of heads: it moves", async () => {
    const { clean } = await patchHeads(opened.model, cases, [], signal);
    const margins = await cutMargins(
      opened.model,
      cases,
      [{ keys: () => [] }, { head: 5, keys: () => [] }, { keys: ({ cue }) => cue }],
      signal,
    );
    clean.forEach((margin, i) => {
      expect(margins[3 * i]).toBeCloseTo(margin, 4);
      expect(margins[3 * i + 1]).toBeCloseTo(margin, 4);
    });
    expect(cases.some((_, i) => Math.abs(margins[3 * i + 2]! - clean[i]!) > 1e-2)).toBe(true);
  });

  it("are those that the pattern shows", async () => {
    const { cue, beside } = await attentionTo(opened.model, cases, signal);
    for (const values of [cue, beside])
      for (const value of values) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-6);
      }
  });
});

it("chosen heads are the first by attribution, drawn ones others, readers those that look at the cue", () => {
  const attribution = Float64Array.from({ length: 40 }, (_, h) => (h * 7) % 40);
  const looks = Float64Array.from({ length: 40 }, (_, h) => (attribution[h] === 35 ? 0.9 : 0.01));
  const { chosen, drawn, readers } = chooseHeads({ attribution, looks }, 30, 1);
  expect(chosen.map((h) => attribution[h])).toEqual([39, 38, 37, 36, 35, 34, 33, 32, 31, 30]);
  expect(new Set([...chosen, ...drawn]).size).toBe(20);
  expect(attribution[readers[0]!]).toBe(35);
});

it("what a write says of words is its product with their unembeddings, over its deviation on the sampled vocabulary", async () => {
  const { model } = opened;
  const { nHeads, dModel, vocabSize } = model.config;
  const seed = 5;
  const found = await writtenWords(model, cases, seed, signal);
  const roles = rolesOf(model.config);
  const unembedding = (await model.parameter(roles.unembedding)).data;
  const gain = (await model.parameter(roles.finalGain)).data;
  const sample = random(seed).sample(vocabSize, Math.min(4096, vocabSize));
  const [block, head] = [4, 2];
  const point = `blocks.${block}.attn.hook_result`;
  for await (const { indices, tokens, outputs } of model.run(
    cases.map(({ clean }) => clean),
    { points: [point] },
  ))
    indices.forEach((index, row) => {
      const { clean, own, foreign } = cases[index]!;
      const from = ((row * tokens + clean.length - 1) * nHeads + head) * dModel;
      const write = Float64Array.from(
        { length: dModel },
        (_, j) => (outputs[point]!.data as Float32Array)[from + j]! * gain[j]!,
      );
      const logit = (id: number) => write.reduce((sum, x, j) => sum + x * unembedding[id * dModel + j]!, 0);
      const mean = (ids: ArrayLike<number>) => Array.from(ids, logit).reduce((a, b) => a + b, 0) / ids.length;
      const centre = mean(sample);
      const deviation = Math.sqrt(
        Array.from(sample, (id) => (logit(id) - centre) ** 2).reduce((a, b) => a + b, 0) / sample.length,
      );
      const expected = (mean(own) - mean(foreign)) / deviation;
      expect(found[index * heads.length + block * nHeads + head]).toBeCloseTo(expected, 3);
    });
});
