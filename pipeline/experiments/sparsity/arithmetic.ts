import type { Tokenizer } from "../../engine/checkpoint.ts";
import { random } from "../../statistics/random.ts";

/** Sums whose terms have the same number of digits, each behind running text that brings it to one length. */
export interface Sums {
  /** [items × digits] in that order: item i with 1, 2, … digits stands behind the beginning of one text. */
  readonly sequences: readonly number[][];
  readonly digits: readonly number[];
}

/**
 * Items to read a state on that differ in difficulty alone: the last token is always "=", at one position. The text before
 * is cut to fit.
 * @throws Error when a text is too short to fill what the sum leaves.
 */
export function sums(
  tokenizer: Tokenizer,
  texts: readonly (readonly number[])[],
  digits: readonly number[],
  length: number,
  seed: number,
): Sums {
  const generator = random(seed);
  const term = (n: number) => 10 ** (n - 1) + generator.int(9 * 10 ** (n - 1));
  const sequences = texts.flatMap((text, item) =>
    digits.map((n) => {
      const sum = tokenizer.encode(`. ${term(n)} + ${term(n)} =`);
      const before = text.slice(0, length - sum.length);
      if (before.length + sum.length !== length)
        throw new Error(`Text ${item} has ${text.length} tokens; ${length - sum.length} are needed before its sum.`);
      return [...before, ...sum];
    }),
  );
  return { sequences, digits };
}
