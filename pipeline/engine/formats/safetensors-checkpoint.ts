import type { Checkpoint } from "../checkpoint.ts";
import type { ByteSource } from "./byte-source.ts";
import { Fields } from "./fields.ts";
import { FormatError, shown } from "./format-error.ts";
import { layoutOf } from "./layout.ts";
import { dequantize } from "./quants.ts";
import { readSafetensorsHeader } from "./safetensors-header.ts";
import { assertFinite, matchTensors, unknownTensor } from "./stored-weights.ts";

/**
 * Opens a checkpoint as on the hub: one safetensors file and the text of its config.json. Reads the header now, each
 * tensor when it is asked for. Closing it closes the source. Throws `FormatError`.
 */
export async function openSafetensors(source: ByteSource, config: string): Promise<Checkpoint> {
  const fields = configFields(config);
  const layout = layoutOf(fields, "model_type");
  const model = layout.fromHub(fields);
  const header = await readSafetensorsHeader(source);
  const tensors = matchTensors(
    source.name,
    header.tensors,
    layout.tensors(model),
    (tensor) => tensor.hub,
    // tables that older exports kept, and the copy of a tied embedding
    (name) => name.endsWith(".rotary_emb.inv_freq") || (model.tiedEmbeddings && name === "lm_head.weight"),
  );
  return {
    config: model,
    tensors,
    async read(name) {
      const stored = tensors.has(name) ? header.tensors.get(name) : undefined;
      if (stored === undefined) return unknownTensor(source.name, name, model);
      const values = new Float32Array(stored.shape.reduce((product, extent) => product * extent, 1));
      dequantize[stored.type](await source.read(stored.offset, stored.bytes), values);
      assertFinite(source.name, name, values);
      return values;
    },
    async close() {
      await source.close?.();
    },
  };
}

function configFields(config: string): Fields {
  let values: unknown;
  try {
    values = JSON.parse(config);
  } catch {
    // said below
  }
  if (typeof values !== "object" || values === null || Array.isArray(values))
    throw new FormatError({
      file: "config.json",
      field: "content",
      found: shown(config.slice(0, 40)),
      expected: "a JSON object",
    });
  const map = new Map(Object.entries(values));
  return new Fields("config.json", (key) => map.get(key));
}
