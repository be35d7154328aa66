import { Graph } from "../../engine/graph/graph.ts";
import * as op from "../../engine/graph/ops.ts";
import { serialize } from "../../engine/graph/serialize.ts";
import type { Runtime, Tensor } from "../../engine/runtime.ts";
import type { Rows } from "./collect.ts";
import type { Weights } from "./training.ts";

/** The k largest codes of each row; those that are 0 stand for no feature. */
export interface Codes {
  readonly k: number;
  readonly features: number;
  /** [rows × k] */
  readonly values: Float32Array;
  /** [rows × k] */
  readonly at: Int32Array;
}

const BATCH = 1024;

/**
 * Codes of standardised rows.
 * @param centred whether the decoder's bias is taken off what is read: an autoencoder's is
 */
export async function codesOf(
  runtime: Runtime,
  weights: Weights,
  { data, width }: Rows,
  { k, centred }: { readonly k: number; readonly centred: boolean },
): Promise<Codes> {
  const graph = new Graph();
  const input = (name: string) => graph.input(name, "float32", weights[name]!.shape);
  const x = graph.input("x", "float32", ["row", width]);
  const read = centred ? op.sub(x, input("decoder.bias")) : x;
  const before = op.linear(read, input("encoder.weight"), input("encoder.bias"));
  const { values, indices } = op.topK(op.relu(before), k);
  const { bytes, inputs } = serialize(graph, { values, indices });
  const session = await runtime.session(bytes, [], { values, indices });
  const given = Object.fromEntries(inputs.filter((name) => name !== "x").map((name) => [name, weights[name]!]));
  const rows = data.length / width;
  const found = { values: new Float32Array(rows * k), at: new Int32Array(rows * k) };
  try {
    for (let from = 0; from < rows; from += BATCH) {
      const count = Math.min(BATCH, rows - from);
      const part: Tensor = {
        type: "float32",
        shape: [count, width],
        data: data.subarray(from * width, (from + count) * width),
      };
      const out = await session.run({ ...given, x: part }, { row: count });
      found.values.set(out.values!.data as Float32Array, from * k);
      found.at.set(Int32Array.from(out.indices!.data as BigInt64Array, Number), from * k);
    }
  } finally {
    await session.release();
  }
  return { k, features: weights["encoder.weight"]!.shape[0]!, ...found };
}

/** What the codes write: standardised rows, [rows × width]. */
export function written({ k, values, at }: Codes, weights: Weights): Rows {
  const [width, features] = weights["decoder.weight"]!.shape as [number, number];
  const decoder = weights["decoder.weight"]!.data as Float32Array;
  const bias = weights["decoder.bias"]!.data as Float32Array;
  const data = new Float32Array((values.length / k) * width);
  // A row for each feature, so that what a code adds lies side by side.
  const columns = new Float32Array(decoder.length);
  for (let j = 0; j < width; j++)
    for (let f = 0; f < features; f++) columns[f * width + j] = decoder[j * features + f]!;
  for (let row = 0; row < values.length / k; row++) {
    const out = data.subarray(row * width, (row + 1) * width);
    out.set(bias);
    for (let c = row * k; c < (row + 1) * k; c++) {
      const code = values[c]!;
      if (code === 0) continue;
      const from = at[c]! * width;
      for (let j = 0; j < width; j++) out[j]! += code * columns[from + j]!;
    }
  }
  return { width, data };
}

/** Activations of chosen features, [features] arrays of [rows]. */
export function activationsOf({ k, values, at }: Codes, chosen: ArrayLike<number>): Float32Array[] {
  const rows = values.length / k;
  const out = Array.from(chosen, () => new Float32Array(rows));
  const place = new Map(Array.from(chosen, (feature, i) => [feature, i]));
  at.forEach((feature, c) => {
    const i = place.get(feature);
    if (i !== undefined) out[i]![Math.floor(c / k)] = values[c]!;
  });
  return out;
}
