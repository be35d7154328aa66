import type { Checkpoint } from "../checkpoint.ts";
import type { ByteSource } from "./byte-source.ts";
import { Fields } from "./fields.ts";
import { type GgufHeader, readGgufHeader } from "./gguf-header.ts";
import { layoutOf } from "./layout.ts";
import { dequantize } from "./quants.ts";
import { assertFinite, matchTensors, unknownTensor } from "./stored-weights.ts";

/** A GGUF checkpoint; its header also has the tokenizer (`ggufTokenizer`). */
export interface GgufCheckpoint extends Checkpoint {
  readonly header: GgufHeader;
}

/**
 * Opens a GGUF file. Reads the header now, each tensor when it is asked for. Closing it closes the source.
 * Throws `FormatError` for a file that isn't a whole, consistent checkpoint of a known architecture.
 */
export async function openGguf(source: ByteSource): Promise<GgufCheckpoint> {
  const header = await readGgufHeader(source);
  const fields = new Fields(source.name, (key) => header.metadata.get(key));
  const layout = layoutOf(fields, "general.architecture");
  const embedding = header.tensors.get("token_embd.weight");
  const config = layout.fromGguf(fields, {
    tied: !header.tensors.has("output.weight"),
    vocabSize: embedding?.shape[0] ?? fields.fail('tensor "token_embd.weight"', "none", "an embedding"),
  });
  const tensors = matchTensors(source.name, header.tensors, layout.tensors(config), (tensor) => tensor.gguf);
  return {
    header,
    config,
    tensors,
    async read(name) {
      const tensor = tensors.get(name);
      const stored = tensor && header.tensors.get(tensor.inFile);
      if (tensor === undefined || stored === undefined) return unknownTensor(source.name, name, config);
      const values = new Float32Array(stored.shape.reduce((product, extent) => product * extent, 1));
      dequantize[stored.type.name](await source.read(stored.offset, stored.bytes), values);
      assertFinite(source.name, stored.name, values);
      return tensor.permutedHeads === undefined ? values : halvesApart(values, tensor.shape, tensor.permutedHeads);
    },
    async close() {
      await source.close?.();
    },
  };
}

/**
 * Undoes llama.cpp's permutation of Q and K rows (`LlamaModel.permute` of convert_hf_to_gguf.py), which pairs rotary
 * component j with j + dHead/2 in adjacent rows: row 2j of a head was row j, row 2j + 1 was row j + dHead/2.
 */
function halvesApart(values: Float32Array, shape: readonly number[], heads: number): Float32Array {
  const columns = shape[1]!;
  const rows = shape[0]! / heads;
  const out = new Float32Array(values.length);
  for (let head = 0; head < heads; head++)
    for (let row = 0; row < rows; row++) {
      const from = (head * rows + row) * columns;
      const to = (head * rows + (row >> 1) + (row & 1) * (rows / 2)) * columns;
      out.set(values.subarray(from, from + columns), to);
    }
  return out;
}
