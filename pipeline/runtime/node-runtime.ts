import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import * as ort from "onnxruntime-node";
import { resolveExtent } from "../engine/graph/graph.ts";
import type { DataType, OutputShapes, Runtime, Tensor, TensorData } from "../engine/runtime.ts";

const { version } = createRequire(import.meta.url)("onnxruntime-node/package.json") as { version: string };

const emptyData: Record<DataType, (length: number) => TensorData> = {
  float32: (n) => new Float32Array(n),
  int32: (n) => new Int32Array(n),
  int64: (n) => new BigInt64Array(n),
  bool: (n) => new Uint8Array(n),
  uint8: (n) => new Uint8Array(n),
};

const toOrt = ({ type, data, shape }: Tensor) => new ort.Tensor(type, data as Float32Array, shape);

/** Options of the node runtime. `optimize: false` runs the graph as written, to prove that fusion changes nothing. */
export interface NodeRuntimeOptions {
  readonly threads?: number;
  readonly optimize?: boolean;
}

/** ONNX Runtime in this process, on the CPU. */
export function nodeRuntime({ threads = availableParallelism(), optimize = true }: NodeRuntimeOptions = {}): Runtime {
  return {
    name: `onnxruntime-node ${version}`,
    device: "cpu",
    threads,
    async session(model, external, outputs) {
      const session = await ort.InferenceSession.create(model, {
        executionProviders: ["cpu"],
        externalData: external.map(({ location, bytes }) => ({ path: location, data: bytes })),
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        graphOptimizationLevel: optimize ? "all" : "disabled",
        // The arena hands large buffers on from node to node; without it each one is mapped and faulted in anew. A
        // pattern would lay out a run's memory all at once.
        enableCpuMemArena: true,
        enableMemPattern: false,
      });
      const buffers = outputBuffers(outputs);
      return {
        async run(feeds, axes) {
          const ortFeeds = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toOrt(tensor)]));
          const results = await session.run(ortFeeds, buffers(axes));
          return Object.fromEntries(
            Object.entries(results).map(([name, { type, dims, data }]) => [
              name,
              { type: type as DataType, shape: dims, data: data as TensorData },
            ]),
          );
        },
        release: () => session.release(),
      };
    },
  };
}

/**
 * Output tensors laid out before a run and used again by the next run of the same axes: fresh ones cost a page fault for
 * every page, which on large traces takes as long as a tenth of the pass.
 */
function outputBuffers(
  outputs: OutputShapes,
): (axes: Readonly<Record<string, number>>) => Record<string, ort.Tensor | null> {
  let key = "";
  let kept: Record<string, ort.Tensor | null> = {};
  return (axes) => {
    const wanted = JSON.stringify(axes);
    if (wanted !== key) {
      key = wanted;
      kept = Object.fromEntries(
        Object.entries(outputs).map(([name, { type, shape }]) => {
          const dims = shape.map((extent) => resolveExtent(extent, axes));
          return [name, toOrt({ type, shape: dims, data: emptyData[type](dims.reduce((n, d) => n * d, 1)) })];
        }),
      );
    }
    return kept;
  };
}
