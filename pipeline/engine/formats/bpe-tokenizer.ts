import { Tokenizer as HubTokenizer } from "@huggingface/tokenizers";
import type { Tokenizer } from "../checkpoint.ts";
import { byteOfCharacter } from "./byte-level.ts";

/**
 * A byte-level BPE tokenizer over `@huggingface/tokenizers`. A byte that the vocabulary lacks (SmolLM2's has no 0x04) is
 * left out of the ids, as Hugging Face's and llama.cpp's tokenizers do.
 */
export class BpeTokenizer implements Tokenizer {
  readonly vocabularySize: number;
  readonly #hub: HubTokenizer;
  readonly #added: ReadonlyMap<number, unknown>;
  readonly #specials: boolean;

  /** `json` is a whole tokenizer.json, `config` a tokenizer_config.json. `addSpecials`: prepend and append what the post-processor says. */
  constructor(json: object, config: object, vocabularySize: number, addSpecials: boolean) {
    this.#hub = new HubTokenizer(json, config);
    this.#added = this.#hub.get_added_tokens_decoder();
    this.#specials = addSpecials;
    this.vocabularySize = vocabularySize;
  }

  encode(text: string): number[] {
    return this.#hub.encode(text, { add_special_tokens: this.#specials }).ids;
  }

  decode(ids: readonly number[]): string {
    for (const id of ids) this.#content(id);
    return ids.length === 0 ? "" : this.#hub.decode([...ids], { clean_up_tokenization_spaces: false });
  }

  token(id: number): string {
    const content = this.#content(id);
    return this.#added.has(id) ? content : readable(content);
  }

  #content(id: number): string {
    const content = this.#hub.id_to_token(id);
    if (content === undefined)
      throw new Error(`token id ${id} is outside the vocabulary: expected 0 to ${this.vocabularySize - 1}`);
    return content;
  }
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text of a byte-level token; each byte that is no text on its own as `\xNN`. */
function readable(content: string): string {
  const bytes = Uint8Array.from([...content].flatMap((character) => byteOfCharacter.get(character) ?? []));
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes[at]!);
    const character = length > 0 && at + length <= bytes.length ? decoded(bytes.subarray(at, at + length)) : undefined;
    text += character ?? `\\x${bytes[at]!.toString(16).toUpperCase().padStart(2, "0")}`;
    at += character === undefined ? 1 : length;
  }
  return text;
}

/** Bytes of the UTF-8 character that starts with this byte; 0 where none does. */
function characterLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}
