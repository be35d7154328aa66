import { passages } from "../../corpora/brown.ts";
import type { Tokenizer } from "../../engine/checkpoint.ts";

/** The first `tokens` tokens of one passage of each of `count` Brown documents. */
export function brownSequences(tokenizer: Tokenizer, count: number, tokens: number, seed: number): number[][] {
  // Brown's words are 1.2 to 1.5 tokens each: as many words as tokens are always enough.
  return passages({ count, words: tokens, seed }).map(({ text }) => tokenizer.encode(text).slice(0, tokens));
}
