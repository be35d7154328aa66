import type { Random } from "../../statistics/random.ts";

/**
 * The same tokens with the words in another order. A word is a token that begins with white space and all that follow until
 * the next such one, so that no token changes; the first word stays, as the first position is a sink whatever stands there.
 * @param text of a token id, leading space kept
 */
export function shuffleWords(ids: readonly number[], text: (id: number) => string, generator: Random): number[] {
  const words: number[][] = [];
  for (const id of ids) {
    if (words.length === 0 || /^\s/.test(text(id))) words.push([id]);
    else words.at(-1)!.push(id);
  }
  const [first = [], ...others] = words;
  return [...first, ...generator.shuffle(others).flat()];
}
