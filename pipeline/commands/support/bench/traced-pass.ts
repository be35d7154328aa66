import type { ModelConfig } from "../../../engine/architectures/config.ts";
import { Graph } from "../../../engine/graph/graph.ts";
import * as op from "../../../engine/graph/ops.ts";
import { serialize } from "../../../engine/graph/serialize.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import { nodeRuntime } from "../../../runtime/node-runtime.ts";
import { openLanguageModel } from "../../../runtime/open-model.ts";
import { random } from "../../../statistics/random.ts";

/** The child of `bench trace`: a process of its own, so that its peak memory is the pass's. Prints one JSON object. */

export interface TracedPassWork {
  readonly model: string;
  readonly batch: number;
  readonly tokens: number;
  readonly repeats: number;
  readonly threads: number;
}

export interface TracedPassTimes {
  readonly model: string;
  readonly batch: number;
  readonly tokens: number;
  readonly threads: number;
  readonly tokens_per_s: number;
  readonly peak_rss_mib: number;
  /** Rate of the runtime's own float32 matrix products on the model's shapes, their results reduced inside. */
  readonly matmul_gflops: number;
  /** Time of those products over the time of the traced pass. */
  readonly fraction_of_matmul: number;
}

if (import.meta.main) {
  const work = JSON.parse(process.argv[2] ?? "") as TracedPassWork;
  process.stdout.write(`${JSON.stringify(await tracedPass(work))}\n`);
}

async function tracedPass({ model: id, batch, tokens, repeats, threads }: TracedPassWork): Promise<TracedPassTimes> {
  const { model, release } = await openLanguageModel(id, { threads });
  const { int } = random(0);
  const sequences = Array.from({ length: batch }, () => Array.from({ length: tokens }, () => 100 + int(39_900)));
  const points = ["blocks.*.hook_resid_{pre,post}", "*.attn.hook_pattern", "*.mlp.hook_post", "logits"];
  const pass = await least(repeats, async () => {
    for await (const _ of model.run(sequences, { points }));
  });
  const peak = process.resourceUsage().maxRSS / 1024;
  await release();
  const products = await matrixProducts(nodeRuntime({ threads }), model.config, Math.min(batch, 2) * tokens, repeats);
  const productSeconds = (products.seconds * batch) / Math.min(batch, 2);
  return {
    model: id,
    batch,
    tokens,
    threads,
    tokens_per_s: (batch * tokens) / pass,
    peak_rss_mib: Math.round(peak),
    matmul_gflops: products.flop / products.seconds / 1e9,
    fraction_of_matmul: productSeconds / pass,
  };
}

/** Least seconds of `repeats` runs, one uncounted run before them. */
async function least(repeats: number, work: () => Promise<void>): Promise<number> {
  await work();
  let best = Infinity;
  for (let i = 0; i < repeats; i++) {
    const begun = performance.now();
    await work();
    best = Math.min(best, (performance.now() - begun) / 1000);
  }
  return best;
}

/** Seconds and floating-point operations of all weight products of one pass over `rows` tokens. */
async function matrixProducts(runtime: Runtime, c: ModelConfig, rows: number, repeats: number) {
  const kv = c.nKeyValueHeads * c.dHead;
  const shapes: [out: number, width: number, count: number][] = [
    [c.nHeads * c.dHead, c.dModel, 2 * c.nLayers],
    [kv, c.dModel, 2 * c.nLayers],
    [c.dMlp, c.dModel, 2 * c.nLayers],
    [c.dModel, c.dMlp, c.nLayers],
    [c.vocabSize, c.dModel, 1],
  ];
  let seconds = 0;
  let flop = 0;
  for (const [out, width, count] of shapes) {
    const graph = new Graph();
    const x = graph.input("x", "float32", [rows, width]);
    const weight = graph.parameter("w", [out, width], { location: "weights", offset: 0 });
    const reduced = op.reduceMax(op.linear(x, weight), [-1]);
    const bytes = new Uint8Array(Float32Array.from({ length: out * width }, (_, i) => Math.sin(i)).buffer);
    const session = await runtime.session(serialize(graph, { reduced }).bytes, [{ location: "weights", bytes }], {
      reduced,
    });
    const feed = { type: "float32" as const, shape: [rows, width], data: new Float32Array(rows * width).fill(0.5) };
    seconds += count * (await least(repeats, async () => void (await session.run({ x: feed }, {}))));
    flop += count * 2 * rows * width * out;
    await session.release();
  }
  return { seconds, flop };
}
