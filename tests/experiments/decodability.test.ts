import { describe, expect, it } from "vitest";
import type { Tokenizer } from "../../pipeline/engine/checkpoint.ts";
import { read, type Task, task } from "../../pipeline/experiments/decodability/examples.ts";
import { foldsOf, tally, withoutSinks } from "../../pipeline/experiments/decodability/measure.ts";
import { report } from "../../pipeline/experiments/decodability/report.ts";
import { type Dense, dense } from "../../pipeline/statistics/dense.ts";
import { random } from "../../pipeline/statistics/random.ts";

const PASSAGES = 40;
const TYPES = 30;
const WIDTH = 20;

/** 600 examples in 40 passages of a two-class attribute that hangs on the type only by half. */
function invented(): { task: Task; side: Int32Array } {
  const generator = random(8);
  const examples = Array.from({ length: 600 }, (_, e) => ({
    passage: e % PASSAGES,
    token: 1 + Math.floor(e / PASSAGES),
    type: generator.int(TYPES),
    labels: [generator.int(2)],
  }));
  const side = Int32Array.from({ length: PASSAGES }, (_, i) => i % 2);
  return { task: { attributes: ["pos"], classes: [["a", "b"]], examples }, side };
}

/** Vectors with the type's own random embedding and the label as strongly as asked for. */
function vectors({ examples }: Task, label: number, type: number): Dense {
  const generator = random(9);
  const embeddings = Array.from({ length: TYPES }, () => Array.from({ length: WIDTH }, () => generator.normal()));
  const x = dense(examples.length, WIDTH);
  for (const [e, example] of examples.entries())
    for (let j = 0; j < WIDTH; j++)
      x.data[e * WIDTH + j] =
        type * embeddings[example.type]![j]! +
        generator.normal() +
        (j === 0 ? label * (2 * example.labels[0]! - 1) : 0);
  return x;
}

const options = { penalty: 0.1, controls: 3, seed: 4 };

describe("selectivity by depth", () => {
  const { task: planted, side } = invented();
  // Depth 0: type alone; depth 3: nothing; depth 6: the label.
  const depths = [vectors(planted, 0, 3), vectors(planted, 0, 0), vectors(planted, 4, 0)];
  const found = tally([planted], [depths], side, options);
  const nothing = tally([planted], [[depths[1]!, depths[1]!, depths[1]!]], side, options);
  const { estimates, points } = report({
    trained: found,
    controls: [nothing],
    tasks: [planted],
    passages: PASSAGES,
    depths: { every: [0, 3, 6], control: [0, 3, 6], early: [3], late: [6] },
    seed: 1,
  });
  const estimate = (id: string) => estimates.find((e) => e.id === id)!;

  it("is high where the label is planted, near 0 where nothing is, below 0 where only the type can be memorised", () => {
    expect(estimate("pos-late").value).toBeGreaterThan(0.35);
    expect(Math.abs(estimate("pos-early").value)).toBeLessThan(0.08);
    expect(estimate("pos-static").hi).toBeLessThan(0);
  });

  it("has a late − early contrast with an interval, and its difference from the control", () => {
    const step = estimate("pos-late-minus-early");
    expect(step.value).toBeCloseTo(estimate("pos-late").value - estimate("pos-early").value, 12);
    expect(step.lo).toBeGreaterThan(0.2);
    expect(estimate(step.control!).value).toBeCloseTo(0, 12);
    expect(estimate(step.difference!).value).toBeCloseTo(step.value, 12);
    expect(step.n).toBe(PASSAGES);
    expect(points.filter(({ quantity, series }) => quantity === "pos-selectivity" && series === "RW").length).toBe(3);
  });

  it("gives both terms of selectivity", () => {
    for (const when of ["early", "late"])
      expect(estimate(`pos-${when}`).value).toBeCloseTo(
        estimate(`pos-accuracy-${when}`).value - estimate(`pos-control-accuracy-${when}`).value,
        12,
      );
    expect(estimate("pos-accuracy-late-minus-early").lo).toBeGreaterThan(0.2);
    expect(estimate("pos-accuracy-late-minus-early-random").value).toBeCloseTo(0, 12);
  });

  it("leaves out words at attention sinks, at every depth alike", () => {
    const loud = dense(600, WIDTH, depths[2]!.data);
    for (let j = 0; j < WIDTH; j++) loud.data[7 * WIDTH + j] = 500;
    const clean = withoutSinks(planted, [depths[0]!, depths[1]!, loud], 10);
    expect(clean.task.examples.length).toBe(599);
    expect(clean.task.examples).not.toContain(planted.examples[7]);
    expect(clean.x.map(({ rows }) => rows)).toEqual([599, 599, 599]);
  });

  it("tests each passage with probes of the other half", () => {
    const folds = foldsOf(planted, side);
    for (const [fold, { train, test }] of folds.entries()) {
      for (const e of test) expect(side[planted.examples[e]!.passage]).toBe(fold);
      for (const e of train) expect(side[planted.examples[e]!.passage]).toBe(1 - fold);
    }
  });
});

describe("examples", () => {
  const known: string[] = [];
  const tokenizer: Tokenizer = {
    // "walking" is two tokens, every other word or mark one.
    encode: (text) =>
      (text.match(/ ?walk(?=ing)|ing\b| ?\w+|[^\w\s]/g) ?? []).map((piece) =>
        known.includes(piece) ? known.indexOf(piece) : known.push(piece) - 1,
      ),
    decode: (ids) => ids.map((id) => known[id]).join(""),
    token: (id) => known[id]!,
    vocabularySize: 100,
  };
  const passage = (document: string, category: string) => {
    const pieces = [
      ["The", "at"],
      ["dog", "nn"],
      ["walking", "vbg"],
      ["home", "nr"],
      ["barked", "vbd"],
    ] as const;
    let text = "";
    const words = pieces.map(([word, tag]) => {
      if (text) text += " ";
      const start = text.length;
      text += word;
      return { text: word, tag, start, end: text.length };
    });
    return { document, category, text, words };
  };

  it("are words of one token, without the first of the passage, with the next word's part of speech", () => {
    const { words } = read(passage("ca01", "news"), tokenizer, 48);
    expect(words.map(({ text, next }) => [text, next])).toEqual([
      ["dog", "VERB"],
      ["home", "VERB"],
      ["barked", undefined],
    ]);
    expect(read(passage("ca01", "news"), tokenizer, 2).words.map(({ text }) => text)).toEqual(["dog"]);
  });

  it("keep only types that stand on both sides, and classes among the commonest", () => {
    const readings = [passage("ca01", "news"), passage("ck01", "fiction")].map((p) => read(p, tokenizer, 48));
    const labellers = { kind: ({ text }: { text: string }) => (text === "dog" ? "animal" : "other") };
    const both = task(labellers, readings, [0, 1], { most: 8, limit: 100, perType: 8, seed: 1 });
    expect(both.examples.length).toBe(6);
    expect(both.classes).toEqual([["other", "animal"]]);
    expect(task(labellers, readings, [0, 0], { most: 8, limit: 100, perType: 8, seed: 1 }).examples).toEqual([]);
    expect(task(labellers, readings, [0, 1], { most: 1, limit: 100, perType: 8, seed: 1 }).examples.length).toBe(4);
  });

  it("are cut to equal classes where asked", () => {
    const readings = [passage("ca01", "news"), passage("ck01", "fiction")].map((p) => read(p, tokenizer, 48));
    const labellers = { kind: ({ text }: { text: string }) => (text === "dog" ? "animal" : "other") };
    const { examples } = task(labellers, readings, [0, 1], {
      most: 8,
      limit: 100,
      perType: 8,
      seed: 3,
      balanced: true,
    });
    expect(examples.filter(({ labels }) => labels[0] === 0).length).toBeLessThanOrEqual(2);
    expect(examples.filter(({ labels }) => labels[0] === 1).length).toBe(2);
  });
});
