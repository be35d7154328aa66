import { rolesOf } from "../architectures/index.ts";
import type { Value } from "../graph/graph.ts";
import * as op from "../graph/ops.ts";
import { atPosition } from "./answer-margin.ts";
import { unembeddingRows } from "./readout.ts";
import type { Site, Tail } from "./tail.ts";

/**
 * What every head's write at one position says of given words, read through final gain and unembedding: Σ weight · logit
 * over the words, in standard deviations of the write's logits over a sample of the vocabulary, so that the final norm's
 * scale and the write's size fall out. Weights that add up to 0 (so many for, so many against) make it free of what the
 * write gives to all words alike. Feeds: `at` as of `answerMargin`; `words` int64 and `weights` float32 [batch, words];
 * `sample` int64 [sample]. Output: `contrast` [batch, blocks, heads].
 */
export function headWords(): Tail {
  return {
    name: "head_words",
    key: "1",
    build(site) {
      const words = unembeddingRows(site, site.input("words", "int64", ["batch", "words"]));
      const weights = site.input("weights", "float32", ["batch", "words"]);
      // [batch, 1, dModel]
      const towards = op.reduceSum(op.mul(words, op.unsqueeze(weights, [2])), [1], true);
      const sample = unembeddingRows(site, site.input("sample", "int64", ["sample"]));
      const centred = op.sub(sample, op.reduceMean(sample, [0], true));
      const blocks = Array.from({ length: site.config.nLayers }, (_, block) => {
        const read = throughGain(site, atPosition(site, site.point(`blocks.${block}.attn.hook_result`)));
        const logits = op.linear(read, centred);
        const deviation = op.sqrt(op.reduceMean(op.mul(logits, logits), [-1]));
        return op.unsqueeze(op.div(op.reduceSum(op.mul(read, towards), [-1]), deviation), [1]);
      });
      return { contrast: op.concat(blocks, 1) };
    },
  };
}

/** A write [batch, heads, dModel] as the final norm hands it on, but for its scale; layer norms take the mean away. */
function throughGain(site: Site, write: Value): Value {
  const { finalGain, finalBias } = rolesOf(site.config);
  const centred = finalBias === undefined ? write : op.sub(write, op.reduceMean(write, [-1], true));
  return op.mul(centred, site.parameter(finalGain));
}
