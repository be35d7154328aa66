import { describe, expect, it } from "vitest";
import type { Tokenizer } from "../../pipeline/engine/checkpoint.ts";
import { anchorPool, matchedWords, twoAnchors } from "../../pipeline/experiments/senses/anchors.ts";
import { axisLemmas, axisRecalls, heldOutLemmas } from "../../pipeline/experiments/senses/axis.ts";
import { SITES, type Site } from "../../pipeline/experiments/senses/capture.ts";
import { cueFolds, type Item, lemmaItems, shuffledSenses } from "../../pipeline/experiments/senses/items.ts";
import { probeLemma } from "../../pipeline/experiments/senses/lemma-probes.ts";
import { selfSimilarity } from "../../pipeline/experiments/senses/similarity.ts";
import { type Dense, dense, withoutColumns } from "../../pipeline/statistics/dense.ts";
import { crossPredict } from "../../pipeline/statistics/probe.ts";
import { random } from "../../pipeline/statistics/random.ts";
import { macroRecall } from "../../pipeline/statistics/scores.ts";

const FRAMES = 20;
const CUES = 10;

/** 80 sentences as in the prompt set: 20 frames, each with two cues a sense; tokens: start, cue, frame, target, two more. */
function items(): Item[] {
  const all: Item[] = [];
  for (let frame = 0; frame < FRAMES; frame++)
    for (let sense = 0; sense < 2; sense++)
      for (const turn of [0, 3]) {
        const cue = (frame + turn) % CUES;
        const ids = [0, 1 + sense * CUES + cue, 30 + frame, 60, 61, 62];
        all.push({
          ids,
          start: 3,
          target: 3,
          cueEnd: 1,
          cueTokens: 1,
          cue: `${sense}/${cue}`,
          frame: `f${frame}`,
          sense,
        });
      }
  return all;
}

const WIDTH = 24;
/** Embeddings at random: cues of a sense have nothing in common. */
function table(planted = 0) {
  const generator = random(5);
  const data = Float32Array.from({ length: 70 * WIDTH }, () => generator.normal());
  for (let id = 1; id <= 2 * CUES; id++) data[id * WIDTH]! += id <= CUES ? planted : -planted;
  return { width: WIDTH, vocabulary: 70, data };
}

/** Vectors that hold frame and noise, and the sense as strongly as asked for. */
function vectors(of: readonly Item[], strength: number, seed: number): Dense {
  const generator = random(seed);
  const frames = Array.from({ length: FRAMES }, () => Array.from({ length: WIDTH }, () => 3 * generator.normal()));
  const out = dense(of.length, WIDTH);
  for (const [i, { frame, sense }] of of.entries())
    for (let j = 0; j < WIDTH; j++)
      out.data[i * WIDTH + j] =
        frames[Number(frame.slice(1))]![j]! + 0.3 * generator.normal() + (j === 0 ? strength * (2 * sense - 1) : 0);
  return out;
}

const settings = { folds: 5, options: { penalty: 1 }, seed: 1 };
const probed = (strength: number, seed: number, planted = 0) => {
  const all = items();
  const x = [vectors(all, 0, seed), vectors(all, strength, seed + 1)];
  const sites = Object.fromEntries(SITES.map((site) => [site, x])) as Record<Site, Dense[]>;
  return probeLemma(
    { lemma: "x", supersenses: ["a", "b"], items: all },
    { depths: [0, 1], sites },
    table(planted),
    { depths: [1], without: [0] },
    settings,
  );
};

describe("probes for a sense", () => {
  it("find a planted sense, on cues they were not fitted on", () => {
    const { curves, rightAtWord } = probed(6, 10);
    expect(curves.word![1]).toBeGreaterThan(0.9);
    expect(curves.centroid![1]).toBeGreaterThan(0.8);
    // The sense is planted in dimension 0 alone.
    expect(curves.trimmed).toHaveLength(1);
    expect(Math.abs(curves.trimmed![0]! - 0.5)).toBeLessThan(0.15);
    expect(rightAtWord[1]!.reduce((sum, right) => sum + right, 0) / 80).toBeGreaterThan(0.9);
  });

  it("find none where there is none, at the word, by position, with shuffled senses", () => {
    const mean = { word: 0, position: 0, SL: 0 };
    const runs = 10;
    for (let run = 0; run < runs; run++) {
      const { curves } = probed(6, 100 + 10 * run);
      mean.word += curves.word![0]! / runs;
      mean.SL += curves.SL![1]! / runs;
      mean.position += curves.position![0]! / runs;
    }
    expect(mean.word).toBeGreaterThan(0.44);
    expect(mean.word).toBeLessThan(0.56);
    expect(mean.SL).toBeGreaterThan(0.42);
    expect(mean.SL).toBeLessThan(0.58);
    expect(mean.position).toBeCloseTo(0.5, 6);
  });

  it("sees what a bag of context can tell", () => {
    expect(probed(0, 10, 0).curves.context![0]!).toBeLessThan(0.65);
    const { curves } = probed(0, 10, 8);
    expect(curves.context![0]).toBeGreaterThan(0.9);
    expect(curves.cue![0]).toBeGreaterThan(0.9);
  });
});

describe("folds by cue", () => {
  const all = items();
  const senses = all.map(({ sense }) => sense);
  const folds = cueFolds(all, senses, 5, 3);

  it("test every sentence once, on cues that are not in training", () => {
    expect(folds.flatMap(({ test }) => [...test]).sort((a, b) => a - b)).toEqual([...all.keys()]);
    for (const { train, test } of folds) {
      const held = new Set(Array.from(test, (i) => all[i]!.cue));
      expect(Array.from(train).filter((i) => held.has(all[i]!.cue))).toEqual([]);
      expect(train.length).toBeGreaterThan(35);
    }
  });

  it("leave each frame equally often in both senses in training, so that frames don't push a probe under chance", () => {
    for (const { train } of folds)
      for (const members of Map.groupBy(train, (i) => all[i]!.frame).values())
        expect(members.filter((i) => senses[i] === 0).length * 2).toBe(members.length);
    // Unbalanced, a probe that sees only frames answers with the other sense.
    const x = vectors(all, 0, 77);
    const unbalanced = folds.map(({ test }) => ({
      test,
      train: Int32Array.from(all.keys().filter((i) => !test.includes(i))),
    }));
    expect(macroRecall(senses, crossPredict(x, senses, unbalanced))).toBeLessThan(0.4);
  });

  it("shuffle senses within frames only", () => {
    const dealt = shuffledSenses(all, 4);
    expect([...dealt]).not.toEqual(senses);
    for (const members of Map.groupBy(all.keys(), (i) => all[i]!.frame).values())
      expect(members.reduce((sum, i) => sum + dealt[i]!, 0)).toBe(2);
  });
});

describe("an axis shared by nouns", () => {
  const lemmas = (strength: number) =>
    Array.from({ length: 6 }, (_, l) => {
      const generator = random(50 + l);
      const own = Array.from({ length: WIDTH }, () => 10 * generator.normal());
      const labels = Array.from({ length: 40 }, (_, i) => i % 2);
      const x = dense(40, WIDTH);
      for (let i = 0; i < 40; i++)
        for (let j = 0; j < WIDTH; j++)
          x.data[i * WIDTH + j] = own[j]! + generator.normal() + (j === 3 ? strength * (2 * labels[i]! - 1) : 0);
      return { x, labels, cues: labels.map((label, i) => `${l}/${label}/${i % 10}`) };
    });
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  it("is found on nouns left out where it's planted, and only there", () => {
    expect(mean(heldOutLemmas(lemmas(3), { penalty: 10 }))).toBeGreaterThan(0.95);
    expect(Math.abs(mean(heldOutLemmas(lemmas(0), { penalty: 10 })) - 0.5)).toBeLessThan(0.08);
  });

  it("is fitted on nouns of its class alone, and lost where senses are dealt out anew", () => {
    const all = items();
    const nouns = Array.from({ length: 5 }, (_, l) => ({
      lemma: `n${l}`,
      supersenses: l === 4 ? ["noun.group", "noun.object"] : ["noun.animal", "noun.artifact"],
      items: all.map((item) => ({ ...item, cue: `${l}/${item.cue}` })),
    }));
    const axis = { axisClass: "noun.artifact", penalty: 10 };
    expect(axisLemmas(nouns, axis)).toEqual([0, 1, 2, 3]);
    const x = nouns.map((_, l) => vectors(all, 6, 40 + l));
    expect(mean(axisRecalls(nouns, (l) => x[l]!, axis))).toBeGreaterThan(0.9);
    const dealt = axisRecalls(
      nouns,
      (l) => x[l]!,
      axis,
      ({ items }) => shuffledSenses(items, 9),
    );
    expect(Math.abs(mean(dealt) - 0.5)).toBeLessThan(0.12);
  });

  it("is not learnt from cues that stand with the noun left out too", () => {
    const all = lemmas(3).map((lemma) => ({ ...lemma, cues: lemma.labels.map(() => "everywhere") }));
    expect(() => heldOutLemmas(all, { penalty: 10 })).toThrow();
  });
});

describe("self-similarity", () => {
  const all = items();

  it("is higher within a sense where senses part, equal where they don't, with massive dimensions found and taken out", () => {
    const loud = (x: Dense) => {
      for (let i = 0; i < x.rows; i++) x.data[i * WIDTH + 5] = 5000 + (i % 7);
      return x;
    };
    const strong = [vectors(all, 8, 1), vectors(all, 8, 2)].map(loud);
    const none = [vectors(all, 0, 1), vectors(all, 0, 2)].map(loud);
    const gap = (xs: Dense[]) =>
      selfSimilarity(
        xs.map((x) => withoutColumns(x, [5])),
        [all, all],
      ).map(({ same, other }) => same - other);
    for (const value of gap(strong)) expect(value).toBeGreaterThan(0.2);
    for (const value of gap(none)) expect(Math.abs(value)).toBeLessThan(0.1);
  });
});

describe("static anchors", () => {
  it("give cosine and explained share of a planted mixture", () => {
    const vector = Float64Array.of(3, 4, 0, 0);
    const found = twoAnchors(vector, [Float64Array.of(2, 0, 0, 0), Float64Array.of(0, 7, 0, 0)]);
    expect(found.weaker).toBeCloseTo(0.6, 12);
    expect(found.explained).toBeCloseTo(1, 12);
    const skew = twoAnchors(Float64Array.of(1, 0, 1), [Float64Array.of(1, 0, 0), Float64Array.of(1, 1, 0)]);
    expect(skew.explained).toBeCloseTo(0.5, 12);
  });

  it("match random words by frequency and tokens, none twice", () => {
    const word = (name: string, count: number, tokens: number) => ({ word: name, count, tokens });
    const pool = anchorPool([word("a", 100, 1), word("b", 101, 1), word("c", 100, 2), word("d", 3, 1)]);
    const drawn = matchedWords([word("x", 100, 1), word("y", 99, 1), word("z", 3, 1)], pool, 1).map((w) => w.word);
    expect(drawn.slice(0, 2).sort()).toEqual(["a", "b"]);
    expect(drawn[2]).toBe("d");
    expect(() => matchedWords([word("x", 100, 3)], pool, 1)).toThrow(/No word of the pool matches "x"/);
  });
});

describe("sentences as tokens", () => {
  /** One token a word, with its space. */
  const tokenizer: Tokenizer = (() => {
    const known: string[] = [];
    return {
      encode: (text: string) =>
        (text.match(/ ?[^ ]+/g) ?? []).map((piece) =>
          known.includes(piece) ? known.indexOf(piece) : known.push(piece) - 1,
        ),
      decode: (ids: readonly number[]) => ids.map((id) => known[id]).join(""),
      token: (id: number) => known[id]!,
      vocabularySize: 1000,
    };
  })();
  const lemma = (text: string) => ({
    lemma: "bank",
    form: "bank",
    senses: [{ id: "a", gloss: "g", supersense: "noun.group", sentences: [{ text, cue: "loan" }] }],
  });

  it("are cut two tokens after the target, with the cue's place", () => {
    const [item] = lemmaItems(lemma("She took the loan to the bank after lunch yesterday."), tokenizer).items;
    expect(item).toMatchObject({
      target: 6,
      cueEnd: 3,
      cueTokens: 1,
      frame: "She took the {} to the bank after lunch yesterday.",
    });
    expect(item!.ids.length).toBe(9);
  });

  it("read a word of several tokens at its last, and the token before its first", async () => {
    const pieces: Tokenizer = {
      ...tokenizer,
      encode: (text) => (text.match(/ ?[^ ]{1,3}/g) ?? []).flatMap((piece) => tokenizer.encode(piece)),
    };
    const [item] = lemmaItems(lemma("She took the loan to the bank after lunch yesterday."), pieces).items;
    const read = (from: number, to: number) => pieces.decode(item!.ids.slice(from, to));
    expect(read(item!.start, item!.target + 1)).toBe(" bank");
    expect(item!.target).toBe(item!.start + 1);
    expect(read(item!.start - 1, item!.start)).toBe(" the");
    expect(read(item!.cueEnd + 1 - item!.cueTokens, item!.cueEnd + 1)).toBe(" loan");
  });

  it("are refused where too few tokens follow", () => {
    expect(() => lemmaItems(lemma("She took the loan to the bank today"), tokenizer)).toThrow(/two or more after it/);
  });
});
