import { passages } from "../../corpora/brown.ts";
import type { Tokenizer } from "../../engine/checkpoint.ts";
import { brownSequences } from "../support/brown-sequences.ts";

/** Which text read-outs are fitted on, and which they are tested on. */
export interface TextOptions {
  /** Passages and tokens of the logit lens, whose seed is `testSeed`. */
  readonly passages: number;
  readonly tokens: number;
  readonly testSeed: number;
  /** Documents that are drawn to fit on, before those of the test are taken out. */
  readonly fitDocuments: number;
  readonly fitTokens: number;
}

export interface Texts {
  readonly test: number[][];
  readonly fit: number[][];
}

/** The passages that the logit lens reads, and beginnings of passages of other documents to fit on. */
export function textsOf(tokenizer: Tokenizer, options: TextOptions, seed: number): Texts {
  const { testSeed, tokens, fitTokens } = options;
  const count = options.passages;
  const held = new Set(passages({ count, words: tokens, seed: testSeed }).map(({ document }) => document));
  const fit = passages({ count: options.fitDocuments, words: fitTokens, seed }).filter(
    ({ document }) => !held.has(document),
  );
  return {
    test: brownSequences(tokenizer, count, tokens, testSeed),
    // A word is at least one token.
    fit: fit.map(({ text }) => tokenizer.encode(text).slice(0, fitTokens)),
  };
}
