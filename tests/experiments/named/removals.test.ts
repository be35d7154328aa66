import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { GardenPathPrompts } from "../../../pipeline/artifacts/content/prompts/garden-paths.ts";
import type { SensesPrompts } from "../../../pipeline/artifacts/content/prompts/senses.ts";
import { pathPairs } from "../../../pipeline/experiments/named/garden-effects.ts";
import { type GardenItem, gardenItems } from "../../../pipeline/experiments/named/garden-sentences.ts";
import { type AxesAt, heldBeyond, itemAxes, without } from "../../../pipeline/experiments/named/item-axes.ts";
import { neutralItems, othersCues } from "../../../pipeline/experiments/named/neutral-sentences.ts";
import { type Asked, cleanAnswers, editedAnswers } from "../../../pipeline/experiments/named/removals.ts";
import { type Item, lemmaItems } from "../../../pipeline/experiments/senses/items.ts";
import { type OpenedLanguageModel, openLanguageModel } from "../../../pipeline/runtime/open-model.ts";
import { dense, dot, row } from "../../../pipeline/statistics/dense.ts";
import { random } from "../../../pipeline/statistics/random.ts";

const read = (id: string) => parse(readFileSync(`content/prompts/${id}.yaml`, "utf8"));
const senses = read("senses") as SensesPrompts;
const signal = new AbortController().signal;
let opened: OpenedLanguageModel;
let items: GardenItem[];
beforeAll(async () => {
  opened = await openLanguageModel("soundings-2m");
  items = gardenItems(read("garden-paths") as GardenPathPrompts, opened.tokenizer);
});
afterAll(() => opened.release());

describe("streams at the noun, replaced", () => {
  const depths = [3, 4, 5];
  const asked = (): Asked[] =>
    items.slice(0, 3).map(({ sentences, words }) => ({ ...sentences[0]![1]!, word: words[1], foil: words[0] }));

  it("by themselves change nothing, and by other ones what the model makes of the word", async () => {
    const { model } = opened;
    const sentences = asked();
    const { answers, streams } = await cleanAnswers(model, sentences, depths, signal);
    const run = (edit: (h: Float64Array) => Float64Array) =>
      editedAnswers(
        model,
        sentences.map((sentence, i) => ({ sentence, streams: streams[i]!.map(edit) })),
        depths,
        () => {},
        signal,
      );
    for (const [i, { logProbability, margin }] of (await run((h) => h)).entries()) {
      expect(logProbability).toBeCloseTo(answers[i]!.logProbability, 4);
      expect(margin).toBeCloseTo(answers[i]!.margin, 4);
    }
    const zero = await run((h) => h.map(() => 0));
    expect(zero.some(({ logProbability }, i) => Math.abs(logProbability - answers[i]!.logProbability) > 1e-3)).toBe(
      true,
    );
  });

  it("are read where the noun ends, with the last word still to come", () => {
    const { tokenizer } = opened;
    for (const { lemma, sentences } of items)
      for (const { ids, target } of sentences.flat()) {
        const begun = ids
          .slice(0, target + 1)
          .map((id) => tokenizer.token(id))
          .join("");
        expect(begun.endsWith(lemma), begun).toBe(true);
        expect(ids.length).toBeGreaterThan(target + 4);
      }
  });
});

describe("pairs with one beginning", () => {
  it("lose nothing where nothing is taken out, and have two sentences of the one opening and a cue's weight across openings", async () => {
    const { model } = opened;
    const nothing = new Float64Array(model.config.dModel);
    const at: AxesAt = {
      unit: [nothing, nothing],
      random: [nothing, nothing],
      floor: [0, 0],
      neutral: [0, 0],
      own: [1, 1],
    };
    const two = items.slice(0, 2);
    const pairs = await pathPairs(
      model,
      two,
      two.map(() => [at, at]),
      { depths: [4, 5], removed: [0, 1], signal, progress: () => {} },
    );
    expect(pairs.map(({ item, opening }) => [item, opening])).toEqual(
      two.flatMap(({ id }) => [
        [id, 0],
        [id, 1],
      ]),
    );
    for (const { garden, control, taken } of pairs) {
      for (const { own, random } of [...Object.values(garden), ...Object.values(control)]) {
        expect(own).toBeCloseTo(0, 4);
        expect(random).toBeCloseTo(0, 4);
      }
      expect(taken).toBe(0);
    }
    const asked = ([cue, turn]: readonly [0 | 1, 0 | 1]): Asked => ({
      ...two[0]!.sentences[cue]![turn]!,
      word: two[0]!.words[turn],
      foil: two[0]!.words[1 - turn]!,
    });
    const { answers } = await cleanAnswers(
      model,
      (
        [
          [0, 0],
          [1, 0],
          [0, 1],
        ] as const
      ).map(asked),
      [4],
      signal,
    );
    expect(pairs[0]!.cueWeight).toBeCloseTo(answers[0]!.logProbability - answers[1]!.logProbability, 4);
    expect(pairs[0]!.right).toBe(answers[0]!.margin > 0 && answers[2]!.margin > 0);
  });

  it("lose a set amount of the sense that the opening speaks against, whatever the noun holds, and have it put in", async () => {
    const { model } = opened;
    const axis = (at: number) => Float64Array.from({ length: model.config.dModel }, (_, i) => Number(i === at));
    const at: AxesAt = {
      unit: [axis(0), axis(1)],
      random: [axis(2), axis(3)],
      // Above whatever a stream may hold, so that nothing is beyond other nouns.
      floor: [1e6, 1e6],
      neutral: [1, 2],
      own: [4, 7],
    };
    const [item] = items;
    const [pair] = await pathPairs(model, [item!], [[at]], { depths: [4], removed: [0], signal, progress: () => {} });
    expect(pair!.opening).toBe(0);
    const garden: Asked = { ...item!.sentences[0]![1]!, word: item!.words[1], foil: item!.words[0] };
    const { answers, streams } = await cleanAnswers(model, [garden], [4], signal);
    const shifted = (amount: number) => ({ sentence: garden, streams: [without(streams[0]![0]!, amount, axis(1))] });
    const after = await editedAnswers(model, [shifted(5), shifted(-5)], [4], () => {}, signal);
    const [lost, gained] = after.map(({ logProbability }) => answers[0]!.logProbability - logProbability);
    expect(Math.abs(lost! - gained!)).toBeGreaterThan(1e-3);
    expect(pair!.garden.set.own).toBeCloseTo(lost!, 4);
    expect(pair!.garden.added.own).toBeCloseTo(gained!, 4);
    expect(pair!.garden.minority.own).toBeCloseTo(0, 4);
  });
});

describe("neutral sentences", () => {
  it("have every frame as often, with cue words of other nouns and none of its own", () => {
    const [bank] = senses.lemmas;
    const frames = Map.groupBy(neutralItems(senses.lemmas, bank!, opened.tokenizer, 4, 1), ({ frame }) => frame);
    expect(frames.size).toBe(20);
    const pool = new Set(othersCues(senses.lemmas, bank!));
    const own = new Set(bank!.senses.flatMap(({ sentences }) => sentences.map(({ cue }) => cue)));
    for (const of of frames.values()) {
      expect(of).toHaveLength(4);
      expect(new Set(of.map(({ cue }) => cue)).size).toBe(4);
      for (const { cue } of of) expect(pool.has(cue) && !own.has(cue), cue).toBe(true);
    }
    expect(lemmaItems(bank!, opened.tokenizer).items).toHaveLength(80);
  });
});

describe("what is taken out", () => {
  const WIDTH = 20;
  const { normal } = random(4);
  const noise = (rows: number) =>
    dense(
      rows,
      WIDTH,
      Float64Array.from({ length: rows * WIDTH }, () => 0.1 * normal()),
    );
  const labelled = Array.from({ length: 40 }, (_, i) => ({ sense: i % 2, cue: `cue ${i % 10}` })) as unknown as Item[];
  const x = noise(40);
  for (let i = 0; i < 40; i++) row(x, i)[i % 2]! += 3;
  const others = new Float64Array(WIDTH);
  const noun = { items: labelled, senses: [x], neutral: [noise(40)] };
  const [axes] = itemAxes(noun, ["cue 0", "cue 1"], [others], 4, 1);

  it("is what a stream holds of one sense beyond other nouns: the other sense stays", () => {
    const both = Float64Array.from({ length: WIDTH }, (_, j) => (j < 2 ? 3 : 0));
    const amount = heldBeyond(both, axes!, 1);
    expect(amount).toBeCloseTo(3, 0);
    const left = without(both, amount, axes!.unit[1]);
    expect(heldBeyond(left, axes!, 1)).toBeCloseTo(0, 10);
    expect(left[0]).toBeCloseTo(3, 0);
    expect(left[1]).toBeCloseTo(0, 0);
    expect(
      heldBeyond(
        both.map((v) => -v),
        axes!,
        1,
      ),
    ).toBe(0);
  });

  it("along random directions is none of either sense", () => {
    for (const axis of axes!.random) {
      expect(dot(axis, axis)).toBeCloseTo(1, 10);
      for (const sense of [0, 1] as const) expect(Math.abs(dot(axis, axes!.unit[sense]))).toBeLessThan(1e-9);
    }
  });

  it("has no axes where a sense is nothing", () => {
    const flat = { ...noun, senses: [dense(40, WIDTH)], neutral: [dense(40, WIDTH)] };
    expect(() => itemAxes(flat, [], [others], 4, 1)).toThrow("have no axes");
  });
});
