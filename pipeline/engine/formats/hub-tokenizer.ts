import type { Tokenizer } from "../checkpoint.ts";
import { BpeTokenizer } from "./bpe-tokenizer.ts";
import { FormatError, shown } from "./format-error.ts";

/**
 * The tokenizer of a hub checkpoint from the texts of its tokenizer.json and tokenizer_config.json. Its post-processor
 * decides what is prepended. Throws `FormatError` for one that isn't byte-level BPE or can't be read.
 */
export function hubTokenizer(json: string, settings: string = "{}"): Tokenizer {
  const tokenizer = object("tokenizer.json", json);
  const config = object("tokenizer_config.json", settings);
  const model = tokenizer.get("model");
  const type = typeof model === "object" && model !== null && "type" in model ? model.type : undefined;
  const vocabulary = typeof model === "object" && model !== null && "vocab" in model ? model.vocab : undefined;
  if (type !== "BPE" || typeof vocabulary !== "object" || vocabulary === null)
    throw new FormatError({
      file: "tokenizer.json",
      field: "model",
      found: shown(type ?? null),
      expected: "BPE with a vocab",
    });
  const added = tokenizer.get("added_tokens") ?? [];
  if (!Array.isArray(added))
    throw new FormatError({ file: "tokenizer.json", field: "added_tokens", found: shown(added), expected: "a list" });
  const ids = new Set([...Object.values(vocabulary), ...added.map((token: { id?: unknown }) => token?.id)]);
  try {
    const whole = { added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
    return new BpeTokenizer({ ...whole, ...Object.fromEntries(tokenizer) }, Object.fromEntries(config), ids.size, true);
  } catch (error) {
    throw new FormatError({
      file: "tokenizer.json",
      field: "content",
      found: error instanceof Error ? error.message : String(error),
      expected: "a tokenizer that can be built",
    });
  }
}

function object(file: string, json: string): Map<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  } catch {
    // said below
  }
  throw new FormatError({ file, field: "content", found: shown(json.slice(0, 40)), expected: "a JSON object" });
}
