import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { SensesPrompts } from "../../../pipeline/artifacts/content/prompts/senses.ts";
import { measureNoun } from "../../../pipeline/experiments/causes/measure-nouns.ts";
import { cleanAtNoun, patchedWrites, reachOf, runVariants } from "../../../pipeline/experiments/causes/noun-runs.ts";
import { otherKeys, sensePairs } from "../../../pipeline/experiments/causes/sense-pairs.ts";
import { type LemmaItems, lemmaItems } from "../../../pipeline/experiments/senses/items.ts";
import { type OpenedLanguageModel, openLanguageModel } from "../../../pipeline/runtime/open-model.ts";

const prompts = parse(readFileSync("content/prompts/senses.yaml", "utf8")) as SensesPrompts;
const signal = new AbortController().signal;
let opened: OpenedLanguageModel;
let bank: LemmaItems;
beforeAll(async () => {
  opened = await openLanguageModel("smollm2-135m");
  bank = lemmaItems(prompts.lemmas[0]!, opened.tokenizer);
});
afterAll(() => opened.release());

describe("pairs of sentences", () => {
  it("differ in the cue and in no other token", () => {
    const pairs = sensePairs([bank], 10, 1);
    expect(pairs.length).toBeGreaterThan(5);
    for (const { items } of pairs) {
      const [a, b] = items.map((i) => bank.items[i]!);
      expect([a!.sense, b!.sense]).toEqual([0, 1]);
      const unlike = a!.ids.flatMap((id, t) => (id === b!.ids[t] ? [] : [t]));
      expect(unlike.length).toBeGreaterThan(0);
      expect(unlike.every((t) => t <= a!.cueEnd && t > a!.cueEnd - a!.cueTokens)).toBe(true);
    }
  });

  it("have as many other tokens to cut off, none of the cue and not the first", () => {
    for (const item of bank.items) {
      const keys = otherKeys(item);
      expect(keys.length).toBeLessThanOrEqual(item.cueTokens);
      expect(new Set(keys).size).toBe(keys.length);
      for (const key of keys) {
        expect(key).toBeGreaterThan(0);
        expect(key).toBeLessThan(item.start);
        expect(key <= item.cueEnd && key > item.cueEnd - item.cueTokens).toBe(false);
      }
    }
  });
});

describe("effects at the noun", () => {
  it("a write patched from its own sentence changes nothing; what the writes add makes up the whole difference", async () => {
    const { model } = opened;
    const [pair] = sensePairs([bank], 1, 1);
    const items = pair!.items.map((i) => bank.items[i]!);
    const reach = reachOf(model, 3);
    expect(reach.writes).toHaveLength(6);
    const clean = await cleanAtNoun(model, items, reach, signal);
    let largest = 0;
    await runVariants(
      model,
      items,
      reach,
      patchedWrites(reach, items, clean, [0, 1]),
      (item, _, state) => {
        for (const [j, x] of state.entries()) largest = Math.max(largest, Math.abs(x - clean.states[item]![j]!));
      },
      () => {},
      signal,
    );
    expect(largest).toBeLessThan(1e-3);
    const difference = (j: number) => clean.states[0]![j]! - clean.states[1]![j]!;
    const written = (j: number) =>
      reach.writes.reduce((sum, _, w) => sum + clean.writes[0]![w]![j]! - clean.writes[1]![w]![j]!, 0);
    for (const j of [0, 100, 575]) expect(written(j)).toBeCloseTo(difference(j), 2);
  });

  it("comes to a figure for every write and every head", async () => {
    const effects = await measureNoun(opened.model, bank, sensePairs([bank], 2, 1), {
      depthShare: 0.1,
      folds: 5,
      probe: { penalty: 10 },
      seed: 1,
      signal,
      progress: () => {},
    });
    expect(effects.sentences).toBe(4);
    expect(effects.direct[0]).toHaveLength(6);
    expect(effects.cutHeads).toHaveLength(27);
    for (const of of [effects.patched, effects.ablated]) expect([...of[0], ...of[1]].every(Number.isFinite)).toBe(true);
    expect([effects.clean, effects.cutCue, effects.cutOther].every(Number.isFinite)).toBe(true);
  });
});
