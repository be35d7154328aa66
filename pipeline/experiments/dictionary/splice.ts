import * as op from "../../engine/graph/ops.ts";
import { ablate } from "../../engine/points/ablate.ts";
import { fed, held } from "../../engine/points/feeds.ts";
import type { Feed, Intervention } from "../../engine/points/intervention.ts";
import type { Tensor } from "../../engine/runtime.ts";
import type { Scale } from "./scale.ts";
import type { Weights } from "./training.ts";

/** An edit of the pass with what it has to be fed, all but `<name>.where`, bool [row, position]. */
export interface Splice {
  readonly intervention: Intervention;
  readonly feeds: Readonly<Record<string, Tensor>>;
}

const vector = (width: number): Feed => ({ type: "float32", axes: [width] });
const where: Feed = { type: "bool", axes: ["row", "position"] };
const tensor = (data: Float32Array): Tensor => ({ type: "float32", shape: [data.length], data });
const named = (name: string, feeds: Readonly<Record<string, Tensor>>) =>
  Object.fromEntries(Object.entries(feeds).map(([feed, value]) => [`${name}.${feed}`, value]));

/**
 * What a dictionary writes stands in for the value at a point.
 * @param from the point that it reads: the same one for an autoencoder, what the MLP reads for a transcoder
 */
export function dictionarySplice(
  at: string,
  from: string,
  weights: Weights,
  k: number,
  scales: { readonly read: Scale; readonly written: Scale },
): Splice {
  const name = "dictionary";
  const [features, width] = weights["encoder.weight"]!.shape as [number, number];
  const out = weights["decoder.weight"]!.shape[0]!;
  const centred = at === from;
  const intervention: Intervention = {
    name,
    key: JSON.stringify([name, from, features, k]),
    at,
    feeds: {
      where,
      encoder: { type: "float32", axes: [features, width] },
      bias: vector(features),
      decoder: { type: "float32", axes: [out, features] },
      centre: vector(out),
      mean: vector(width),
      deviation: vector(width),
      "written-mean": vector(out),
      "written-deviation": vector(out),
    },
    apply(site, value, point) {
      const here = { site, intervention, value, point };
      const read = centred ? value : site.point(from);
      const x = op.div(op.sub(read, fed(here, "mean")), fed(here, "deviation"));
      const before = op.linear(centred ? op.sub(x, fed(here, "centre")) : x, fed(here, "encoder"), fed(here, "bias"));
      const codes = largest(op.relu(before), k, op.scalar(site.graph, 0));
      const written = op.linear(codes, fed(here, "decoder"), fed(here, "centre"));
      return held(here, op.add(op.mul(written, fed(here, "written-deviation")), fed(here, "written-mean")));
    },
  };
  return {
    intervention,
    feeds: named(name, {
      encoder: weights["encoder.weight"]!,
      bias: weights["encoder.bias"]!,
      decoder: weights["decoder.weight"]!,
      centre: weights["decoder.bias"]!,
      mean: tensor(scales.read.mean),
      deviation: tensor(scales.read.deviation),
      "written-mean": tensor(scales.written.mean),
      "written-deviation": tensor(scales.written.deviation),
    }),
  };
}

/** The k units of largest activation at each position stay what they are, the others go to their means. */
export function unitsSplice(at: string, k: number, { mean }: Scale): Splice {
  const name = "units";
  const intervention: Intervention = {
    name,
    key: JSON.stringify([name, k]),
    at,
    feeds: { where, mean: vector(mean.length) },
    apply(site, value, point) {
      const here = { site, intervention, value, point };
      const sizes = op.abs(value);
      const least = op.slice(op.topK(sizes, k).values, -1, k - 1, k);
      return held(here, op.where(op.greaterOrEqual(sizes, least), value, fed(here, "mean")));
    },
  };
  return { intervention, feeds: named(name, { mean: tensor(mean) }) };
}

/** The value at a point is its mean everywhere. */
export const meanSplice = (at: string, { mean }: Scale): Splice => ({
  intervention: ablate({ at, replacement: "mean", where: ["row", "position"] }),
  feeds: { [`ablate.mean.${at}`]: tensor(mean) },
});

/** x where it is among the k largest of its last axis, `otherwise` elsewhere. */
const largest = (x: Parameters<typeof op.relu>[0], k: number, otherwise: ReturnType<typeof op.scalar>) =>
  op.where(op.greaterOrEqual(x, op.slice(op.topK(x, k).values, -1, k - 1, k)), x, otherwise);
