import { passages } from "../../corpora/brown.ts";
import type { Tokenizer } from "../../engine/checkpoint.ts";

/** One stretch of running text, the first `tokens` tokens of a passage. */
export interface TextSequence {
  readonly document: string;
  readonly ids: readonly number[];
}

/** `count` stretches of Brown, each from another document and exactly `tokens` tokens long. Throws when a passage is shorter. */
export function brownSequences(tokenizer: Tokenizer, count: number, tokens: number, seed: number): TextSequence[] {
  // A word is at least one token: as many words as tokens are always enough.
  return passages({ count, words: tokens, seed }).map(({ document, text }) => {
    const ids = tokenizer.encode(text).slice(0, tokens);
    if (ids.length < tokens) throw new Error(`Brown ${document}: ${ids.length} tokens, ${tokens} are needed.`);
    return { document, ids };
  });
}
