import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LanguageModel } from "../../../pipeline/engine/run/language-model.ts";
import { residualDepths } from "../../../pipeline/engine/tails/logit-lens.ts";
import { blindTo } from "../../../pipeline/experiments/lens/blind-to.ts";
import { readLens } from "../../../pipeline/experiments/lens/read-lens.ts";
import { type OpenedLanguageModel, openLanguageModelAt } from "../../../pipeline/runtime/open-model.ts";

const PROMPTS = [[5, 7, 9, 11, 2]];
const signal = new AbortController().signal;

describe("a lens without some dimensions", () => {
  let opened: OpenedLanguageModel;
  beforeAll(async () => {
    opened = await openLanguageModelAt("tests/golden/tiny/llama-gqa-tied");
  });
  afterAll(() => opened?.release());
  const read = async (model: LanguageModel) => {
    const points = residualDepths(model.config.nLayers);
    const [reading] = await readLens(model, PROMPTS, { points, topK: 1, signal });
    return reading!;
  };

  it("reads otherwise on the way, and is the model's own prediction at the end", async () => {
    const whole = await read(opened.model);
    const blind = await read(blindTo(opened.model, [0, 3, 4]));
    const { depths } = whole;
    for (let token = 0; token < PROMPTS[0]!.length; token++) {
      const at = token * depths;
      for (let depth = 0; depth + 1 < depths; depth++)
        expect(Math.abs(blind.entropy[at + depth]! - whole.entropy[at + depth]!)).toBeGreaterThan(1e-4);
      expect(blind.entropy[at + depths - 1]).toBeCloseTo(whole.entropy[at + depths - 1]!, 3);
      // A difference of sums in float32, over logits that lie far apart in a model of random weights.
      expect(Math.abs(blind.kl[at + depths - 1]!)).toBeLessThan(2e-3);
    }
  });

  it("is what is read off the masked stream: softmax of W · norm(h ⊙ mask)", async () => {
    const { model } = opened;
    const { dModel, vocabSize } = model.config;
    const out = [0, 3, 4];
    const blind = await read(blindTo(model, out));
    const [embedding, gain] = [
      await model.parameter("model.embed_tokens.weight"),
      await model.parameter("model.norm.weight"),
    ];
    const point = "blocks.0.hook_resid_post";
    for await (const { outputs } of model.run(PROMPTS, { points: [point] })) {
      const stream = outputs[point]!.data as Float32Array;
      for (let token = 0; token < PROMPTS[0]!.length; token++) {
        const h = stream.slice(token * dModel, (token + 1) * dModel);
        for (const d of out) h[d] = 0;
        const rms = Math.sqrt(h.reduce((sum, x) => sum + x * x, 0) / dModel + 1e-5);
        const logits = Array.from({ length: vocabSize }, (_, v) =>
          h.reduce((sum, x, d) => sum + (x / rms) * gain.data[d]! * embedding.data[v * dModel + d]!, 0),
        );
        const logZ = Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0));
        const entropy = logits.reduce((sum, x) => sum - Math.exp(x - logZ) * (x - logZ), 0);
        expect(blind.entropy[token * blind.depths + 1]).toBeCloseTo(entropy, 3);
      }
    }
  });

  it("changes nothing where no dimension is named", async () => {
    const [whole, same] = [await read(opened.model), await read(blindTo(opened.model, []))];
    for (const [i, value] of whole.kl.entries()) expect(same.kl[i]).toBeCloseTo(value, 3);
  });
});
