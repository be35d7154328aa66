import type { ModelConfig } from "../architectures/config.ts";
import type { Fields } from "./fields.ts";
import { llama } from "./llama-layout.ts";

/** How files store an architecture: where its configuration stands and what its tensors are called. */
export interface Layout {
  /** Configuration from a hub `config.json`. */
  fromHub(fields: Fields): ModelConfig;
  /** Configuration from the metadata of a GGUF file; `tied` when it has no unembedding, `vocabSize` by its embedding. */
  fromGguf(fields: Fields, seen: { readonly tied: boolean; readonly vocabSize: number }): ModelConfig;
  /** Every tensor that a checkpoint of this configuration has, one at a time: the configuration may be a lie. */
  tensors(config: ModelConfig): Iterable<TensorLayout>;
}

export interface TensorLayout {
  readonly hub: string;
  readonly shape: readonly number[];
  readonly gguf: string;
  /** GGUF stores rows of each head so that rotary halves interleave; this many heads have to be put back. */
  readonly permutedHeads?: number;
}

const layouts: Readonly<Record<string, Layout>> = { llama };

/** The layout of an architecture. Throws `FormatError` for one that isn't known. */
export function layoutOf(fields: Fields, key: string): Layout {
  const name = fields.string(key);
  const layout = Object.hasOwn(layouts, name) ? layouts[name] : undefined;
  return (
    layout ?? fields.fail(key, JSON.stringify(name), `an architecture it can read: ${Object.keys(layouts).join(", ")}`)
  );
}
