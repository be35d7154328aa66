import { expect, test } from "vitest";
import { ablate } from "../../../pipeline/engine/points/ablate.ts";
import { maskOf } from "../../../pipeline/engine/points/mask.ts";
import { answerMargin } from "../../../pipeline/engine/tails/answer-margin.ts";
import { sampledUnits } from "../../../pipeline/engine/tails/sampled-units.ts";
import {
  ablatedMargins,
  encodeItem,
  margins,
  meanWrites,
} from "../../../pipeline/experiments/dissociation/ablated-margins.ts";
import { random } from "../../../pipeline/statistics/random.ts";
import { realSequences } from "../../support/real-sequences.ts";

const TEXTS = ["The ferry tied up at the river bank", "She waited."];
const real = realSequences(TEXTS);

test("sampled units are the chosen coordinates, and the directions' inner products, of each point", async () => {
  const points = ["blocks.2.mlp.hook_post", "blocks.17.mlp.hook_post"];
  const chosen = [
    [3, 700, 1535],
    [0, 1, 42],
  ];
  const { normal } = random(1);
  const directions = Float32Array.from({ length: 2 * 1536 * 2 }, () => normal());
  const feeds = () => ({
    some_at: { type: "int64" as const, shape: [2, 3], data: BigInt64Array.from(chosen.flat(), BigInt) },
    some_directions: { type: "float32" as const, shape: [2, 1536, 2], data: directions },
  });
  const tails = [sampledUnits("some", { points, coordinates: 3, directions: 2 })];
  for await (const { lengths, tokens, outputs } of real.opened.model.run(real.sequences, { points, tails, feeds })) {
    const taken = outputs["some.taken"]!.data as Float32Array;
    const read = outputs["some.read"]!.data as Float32Array;
    for (const [r, length] of lengths.entries())
      for (let t = 0; t < length; t++)
        points.forEach((point, p) => {
          const at = r * tokens + t;
          const units = (outputs[point]!.data as Float32Array).subarray(at * 1536, (at + 1) * 1536);
          expect([...taken.subarray((at * 2 + p) * 3, (at * 2 + p) * 3 + 3)]).toEqual(chosen[p]!.map((u) => units[u]!));
          for (const d of [0, 1]) {
            const product = units.reduce((sum, value, u) => sum + value * directions[(p * 1536 + u) * 2 + d]!, 0);
            expect(Math.abs(read[(at * 2 + p) * 2 + d]! - product)).toBeLessThan(1e-3 * (1 + Math.abs(product)));
          }
        });
  }
}, 60_000);

test("the answer's margin is a difference of logits at the last token, batches of unlike lengths too", async () => {
  const items = TEXTS.map((prompt, i) =>
    encodeItem({ id: `i-${i}`, prompt, answer: " was", foil: " of" }, real.opened.tokenizer),
  );
  const found = await margins(real.opened.model, items);
  for await (const { indices, lengths, tokens, outputs } of real.opened.model.run(real.sequences, {
    points: ["logits"],
  })) {
    const logits = outputs.logits!.data as Float32Array;
    for (const [r, index] of indices.entries()) {
      const at = (r * tokens + lengths[r]! - 1) * real.opened.model.config.vocabSize;
      const [answer, foil] = items[index]!.candidates;
      expect(Math.abs(found[index]! - (logits[at + answer]! - logits[at + foil]!))).toBeLessThan(1e-3);
    }
  }
  const long = encodeItem({ id: "x", prompt: "a", answer: " unfathomably", foil: " of" }, real.opened.tokenizer);
  expect(long.candidates[0]).toBe(real.opened.tokenizer.encode(" unfathomably")[0]);
  expect(answerMargin("a").key).not.toBe(answerMargin("b").key);
}, 60_000);

test("a mean ablation from the second token on leaves the first as it was, and sets the rest to the mean", async () => {
  const at = "blocks.4.{hook_attn_out,hook_mlp_out}";
  const points = ["blocks.4.hook_attn_out", "blocks.4.hook_mlp_out"];
  const means = Float32Array.from({ length: 2 * 576 }, (_, j) => j / 576);
  const mean = (i: number) => ({
    type: "float32" as const,
    shape: [576],
    data: means.subarray(i * 576, (i + 1) * 576),
  });
  const feeds = (indices: readonly number[], tokens: number) => ({
    "ablate.where": maskOf([indices.length, 2, tokens], (_, point, t) => point === 1 && t > 0),
    [`ablate.mean.${points[0]}`]: mean(0),
    [`ablate.mean.${points[1]}`]: mean(1),
  });
  const read = async (request: object) => {
    for await (const { outputs } of real.opened.model.run([real.sequences[0]!], { points, ...request }))
      return points.map((point) => Float32Array.from(outputs[point]!.data as Float32Array));
    throw new Error("nothing ran");
  };
  const plain = await read({});
  const cut = await read({
    interventions: [ablate({ at, replacement: "mean", where: ["row", "point", "position"] })],
    feeds,
  });
  expect(cut[0]).toEqual(plain[0]);
  expect(cut[1]!.subarray(0, 576)).toEqual(plain[1]!.subarray(0, 576));
  for (let t = 1; t < real.sequences[0]!.length; t++)
    expect(cut[1]!.subarray(t * 576, (t + 1) * 576)).toEqual(means.subarray(576));
}, 60_000);

test("each ablated margin belongs to its item and sublayer", async () => {
  const items = TEXTS.map((prompt, i) =>
    encodeItem({ id: `i-${i}`, prompt, answer: " was", foil: " of" }, real.opened.tokenizer),
  );
  const means = await meanWrites(real.opened.model, items);
  const found = await ablatedMargins(real.opened.model, items, means, () => {});
  expect(found).toHaveLength(2 * 60);
  // Sublayer 2 · 7 + 1 is the MLP of block 7, on its own here.
  const feeds = (indices: readonly number[], tokens: number) => {
    const last = new Float32Array(indices.length * tokens);
    for (const [r, i] of indices.entries()) last[r * tokens + items[i]!.ids.length - 1] = 1;
    return {
      at: { type: "float32" as const, shape: [indices.length, tokens], data: last },
      candidates: {
        type: "int64" as const,
        shape: [indices.length, 2],
        data: BigInt64Array.from(indices.flatMap((i) => items[i]!.candidates.map(BigInt))),
      },
      "ablate.where": maskOf([tokens], (t) => t > 0),
      "ablate.mean.blocks.7.hook_mlp_out": {
        type: "float32" as const,
        shape: [576],
        data: means.slice(15 * 576, 16 * 576),
      },
    };
  };
  const request = {
    tails: [answerMargin("blocks.29.hook_resid_post")],
    interventions: [ablate({ at: "blocks.7.hook_mlp_out", replacement: "mean", where: ["position"] })],
    feeds,
  };
  for await (const { indices, outputs } of real.opened.model.run(
    items.map(({ ids }) => ids),
    request,
  ))
    for (const [r, i] of indices.entries())
      expect(Math.abs(found[i * 60 + 15]! - (outputs["answer_margin.margin"]!.data as Float32Array)[r]!)).toBeLessThan(
        1e-3,
      );
}, 120_000);
