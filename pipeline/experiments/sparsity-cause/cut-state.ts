import { rolesOf } from "../../engine/architectures/index.ts";
import type { Value } from "../../engine/graph/graph.ts";
import * as op from "../../engine/graph/ops.ts";
import type { Site, Tail } from "../../engine/tails/tail.ts";
import { logProbability, sumInStages } from "../../engine/tails/vocabulary.ts";

/** Which coordinates a cut may choose from: all; without the massive ones, which go; or beside them, which stay. */
export const REGIMES = ["all", "cut", "kept", "rotated"] as const;
export type Regime = (typeof REGIMES)[number];

export interface CutOptions {
  /** How many coordinates are kept, for each size of cut. */
  readonly sizes: readonly number[];
  /** Random choices for each token. */
  readonly draws: number;
  readonly massive: readonly number[];
}

/** What one cut does to one token's prediction, in the order of the output's last axis. */
export const FIGURES = ["nll", "kl", "agrees"] as const;

/** Cuts in the order of the output: for each regime and size the largest coordinates, then random ones (mean of the draws). */
export const cutsOf = (sizes: readonly number[]): { regime: Regime; size: number; rule: "top" | "random" }[] =>
  REGIMES.flatMap((regime) =>
    sizes.flatMap((size) => (["top", "random"] as const).map((rule) => ({ regime, size, rule }))),
  );

/**
 * The state after the final norm, gain applied, with k coordinates kept and brought back to its own norm, read out.
 * Feeds: `target` int64 [batch, token]; `scores.<draw>` [batch, token, dModel], whose k greatest are the random choice;
 * `rotation` [dModel, dModel], orthogonal. Outputs: `values` [batch, token, cut, figure], nats but for the agreement of the
 * favourite; `entropy` [batch, token] of the uncut prediction, nats.
 */
export function cutState({ sizes, draws, massive }: CutOptions): Tail {
  return {
    name: "cut",
    key: JSON.stringify({ sizes, draws, massive }),
    build(site) {
      const { dModel } = site.config;
      const target = op.unsqueeze(site.input("target", "int64", ["batch", "token"]), [2]);
      const scores = Array.from({ length: draws }, (_, draw) =>
        site.input(`scores.${draw}`, "float32", ["batch", "token", dModel]),
      );
      const rotation = site.input("rotation", "float32", [dModel, dModel]);
      const state = normed(site);
      const logits = site.point("logits");
      const full = op.logSoftmax(logits);
      const p = op.softmax(logits);
      const favourite = op.topK(logits, 1).indices;
      const isLoud = Float32Array.from({ length: dModel }, (_, d) => Number(massive.includes(d)));
      const loud = site.graph.constant(isLoud, "float32", [dModel]);
      const quiet = site.graph.constant(
        isLoud.map((one) => 1 - one),
        "float32",
        [dModel],
      );
      const norm = op.sqrt(op.reduceSum(op.mul(state, state), [-1], true));

      /** Nll, KL from the uncut prediction and agreement of a state, [batch, token, 3]. */
      const figures = (cut: Value) => {
        const length = op.sqrt(op.reduceSum(op.mul(cut, cut), [-1], true));
        const scaled = op.mul(cut, op.div(norm, op.maximum(length, 1e-12)));
        const read = op.linear(scaled, site.parameter(rolesOf(site.config).unembedding));
        const kl = sumInStages(op.mul(p, op.sub(full, op.logSoftmax(read))));
        const agrees = op.cast(op.equal(op.topK(read, 1).indices, favourite), "float32");
        return op.concat([op.neg(logProbability(read, target)), kl, agrees], 2);
      };
      /** The coordinates of `from` whose rank is among the `size` greatest. */
      const choice = (rank: Value, size: number) =>
        op.cast(op.greaterOrEqual(rank, op.slice(op.topK(rank, size).values, -1, size - 1, size)), "float32");

      const each = REGIMES.flatMap((regime) => {
        const turned = regime === "rotated" ? op.matmul(state, rotation) : state;
        const back = (cut: Value) => (regime === "rotated" ? op.matmul(cut, op.transpose(rotation, [1, 0])) : cut);
        // Ranks are positive: what is multiplied by 0 comes last.
        const open = (rank: Value) => (regime === "cut" || regime === "kept" ? op.mul(rank, quiet) : rank);
        const kept = (mask: Value) => (regime === "kept" ? op.maximum(mask, loud) : mask);
        return sizes.flatMap((size) => {
          const cut = (rank: Value) => figures(back(op.mul(turned, kept(choice(open(rank), size)))));
          const random = scores.map(cut).reduce((sum, of) => op.add(sum, of));
          return [cut(op.abs(turned)), op.mul(random, 1 / draws)].map((of) => op.unsqueeze(of, [2]));
        });
      });
      return { values: op.concat(each, 2), entropy: op.squeeze(op.neg(sumInStages(op.mul(p, full))), [2]) };
    },
  };
}

/** What the unembedding reads. */
function normed(site: Site): Value {
  const { finalGain, finalBias } = rolesOf(site.config);
  const scaled = op.mul(site.point("ln_final.hook_normalized"), site.parameter(finalGain));
  return finalBias === undefined ? scaled : op.add(scaled, site.parameter(finalBias));
}
