import type { Estimate } from "../../artifacts/schema.ts";
import { type Draws, derive, drawRatios, drawStatistic } from "../../statistics/bootstrap.ts";
import { controlled, estimate, type Naming } from "../support/estimates.ts";
import { STATISTICS } from "./write-statistics.ts";
import {
  type Beside,
  KINDS,
  type Kind,
  meanOf,
  over,
  range,
  type WriteResults,
  type WriteSummaries,
} from "./write-summaries.ts";

const METHOD = "mean over tokens of documents, cluster bootstrap over documents";

/** Estimates of `residual-writes`. Bands of depth are those of its protocol. */
export function writeEstimates(results: WriteResults, summaries: WriteSummaries): Estimate[] {
  const { nLayers, seed } = results;
  const sums = results.sums.model;
  const tenth = Math.ceil(nLayers / 10);
  const bands = { first: [0], middle: range(tenth, nLayers - tenth), last: range(nLayers - tenth, nLayers) };
  const lateThird = range(nLayers - Math.floor(nLayers / 3), nLayers);
  // The last MLP has no rest to write against.
  const lateButLast = lateThird.slice(0, -1);
  const estimates: Estimate[] = [];
  /** Beside random weights, random blocks, and where it is given what a random direction in the write's place would do. */
  const put = (
    { model, rw, re }: Beside,
    of: (draws: Draws) => Draws,
    naming: Naming,
    ofOther?: (draws: Draws) => Draws,
  ) => {
    const own = of(model);
    const beside = (control: Draws, code: string, words: string) =>
      controlled(own, control, code, words, "document", naming).slice(1);
    estimates.push(
      ...controlled(own, of(rw), "rw", "random weights", "document", naming),
      ...beside(of(re), "re", "random blocks"),
      ...(ofOther ? beside(ofOther(model), "rd", "a random direction") : []),
    );
  };

  for (const [suffix, pair, dims] of [
    ["", summaries.kept, "massive dimensions out"],
    ["-all", summaries.all, "all dimensions"],
  ] as const) {
    const method = `${METHOD}; ${dims}, sinks out`;
    const named = (id: string, label: string, unit: string, tolerance = 0.005): Naming => ({
      id: id + suffix,
      label,
      unit,
      tolerance,
      method,
    });
    for (const [band, blocks] of Object.entries(bands))
      put(
        pair,
        over("ratio", [blocks]),
        named(`ratio-${band}`, `size of a write, ${band} ${blocks.length > 1 ? "blocks" : "block"}`, "share", 0.02),
      );
    put(
      pair,
      over("turn", [bands.middle]),
      named("turn-middle", "turn of the stream by a write, middle blocks", "degrees", 0.2),
      over("random-turn", [bands.middle]),
    );
    for (const kind of KINDS) {
      const cosine = (id: string, label: string) =>
        named(`${id}-${kind}`, `cosine of a write with ${label}, ${nameOf(kind)}`, "cosine");
      for (const [statistic, other, blocks, id, what] of [
        ["cosine", "random-cosine", bands.middle, "cosine-middle", "the stream, middle blocks"],
        ["final", "random-final", lateThird, "final-late", "where the stream ends, last third"],
        ["rest", "random-rest", lateButLast, "rest-late", "the rest of the stream, last third"],
      ] as const)
        put(pair, over(statistic, [blocks], [kind]), cosine(id, what), over(other, [blocks], [kind]));
    }
    put(
      pair,
      over("reinforces", [bands.middle]),
      named("reinforces-middle", "share of writes that lengthen the stream, middle blocks", "share"),
    );
    put(
      pair,
      over("agreeing", [bands.middle]),
      named("agreeing-middle", "share of a write in coordinates of the stream's sign, middle blocks", "share"),
    );
  }

  const ratio = (s: number) => s * STATISTICS.length + STATISTICS.indexOf("ratio");
  const small = (draws: Draws) =>
    derive(draws, (v) => [meanOf(range(0, 2 * nLayers).map((s) => Number(v[ratio(s)]! < 0.5)))]);
  put(summaries.kept, small, {
    id: "small-sublayers",
    label: "share of sublayers whose writes are on average under half the stream",
    unit: "share",
    tolerance: 0.035,
    method: `${METHOD}; massive dimensions out, sinks out`,
  });
  const depths = nLayers + 1;
  put(summaries.norms, (draws) => derive(draws, (v) => [v[2 * depths - 1]! / v[depths + 1]!]), {
    id: "growth-total",
    label: "norm of the final stream over that after the first block",
    unit: "ratio",
    tolerance: 0.05,
    method: `ratio of mean norms, ${METHOD}; massive dimensions out, sinks out`,
  });
  for (const [suffix, from, dims] of [
    ["", 0, "all dimensions"],
    ["-trimmed", 2 * nLayers + 1, "massive dimensions out"],
  ] as const)
    for (const part of ["embedding", ...KINDS] as const) {
      const columns = part === "embedding" ? [0] : range(0, nLayers).map((b) => 1 + 2 * b + KINDS.indexOf(part));
      put(summaries.shares, (draws) => derive(draws, (v) => [columns.reduce((sum, c) => sum + v[from + c]!, 0)]), {
        id: `attribution-${part}${suffix}`,
        label: `part of the next token's logit written by ${part === "embedding" ? "the embedding" : nameOf(part)}`,
        unit: "logits",
        tolerance: 0.05,
        method: `direct attribution, final scale frozen, logit less the vocabulary's mean; ${METHOD}; ${dims}, sinks out`,
      });
    }
  const error = { unit: "logits", tolerance: 1e-3 };
  const seen = sums.tokens.map((n, d) => n + sums.sinks[d]!);
  estimates.push(
    estimate(drawRatios(sums.error, sums.tokens, 1, { seed }), "document", {
      ...error,
      id: "reconstruction-error",
      label: "error of the sum of shares",
      method: `mean |sum of shares − logit|; ${METHOD}`,
    }),
    estimate(greatest(sums.greatestError, seed), "document", {
      ...error,
      id: "reconstruction-greatest",
      label: "greatest error of the sum of shares",
      method: "greatest |sum of shares − logit| over tokens; bootstrap over documents, which only reaches down",
    }),
    estimate(drawRatios(sums.sinks, seen, 1, { seed }), "document", {
      id: "sinks",
      label: "tokens put aside as sinks, first positions not counted",
      unit: "share",
      tolerance: 0.002,
      method: "norm above four medians at some depth; cluster bootstrap over documents",
    }),
  );
  return estimates;
}

const nameOf = (kind: Kind) => (kind === "mlp" ? "MLPs" : "attention");

function greatest(values: Float64Array, seed: number): Draws {
  const most = (resample: Int32Array) => [resample.reduce((top, i) => Math.max(top, values[i]!), 0)];
  return drawStatistic(values.length, most, { seed });
}
