import { random } from "../../statistics/random.ts";
import type { Item, LemmaItems } from "../senses/items.ts";

/** Two sentences of a noun that differ in the cue alone, one in each sense, token for token of one length. */
export interface SensePair {
  readonly lemma: number;
  /** Indices of the sentences among the noun's: of sense 0, of sense 1. */
  readonly items: readonly [number, number];
}

/** Up to `count` pairs of each noun, from as many frames as there are; cues of unlike length in tokens make no pair. */
export function sensePairs(lemmas: readonly LemmaItems[], count: number, seed: number): SensePair[] {
  return lemmas.flatMap(({ items }, lemma) => {
    const { shuffle } = random(seed + lemma);
    const frames = [...Map.groupBy(items.keys(), (i) => items[i]!.frame).values()];
    const pairs = frames.flatMap((members): [number, number][] => {
      const [zero, one] = [0, 1].map((sense) => members.filter((i) => items[i]!.sense === sense));
      return zero!.flatMap((a, turn) => {
        const b = one![turn];
        return b !== undefined && aligned(items[a]!, items[b]!) ? [[a, b] as [number, number]] : [];
      });
    });
    return shuffle(pairs)
      .slice(0, count)
      .map((pair) => ({ lemma, items: pair }));
  });
}

const aligned = (a: Item, b: Item): boolean =>
  a.ids.length === b.ids.length && a.target === b.target && a.cueEnd === b.cueEnd && a.cueTokens === b.cueTokens;

/**
 * Tokens left of the noun that are no part of the cue: as many as the cue has, those nearest to its last token, never the
 * first of the text. Of two equally near the one further from the noun comes first, since near tokens are read more.
 * Fewer than the cue has where there are no more.
 */
export function otherKeys({ start, cueEnd, cueTokens }: Item): number[] {
  const found: number[] = [];
  const cue = (key: number) => key <= cueEnd && key > cueEnd - cueTokens;
  for (let step = 1; step < start; step++)
    for (const key of [cueEnd - step, cueEnd + step])
      if (key > 0 && key < start && !cue(key) && found.length < cueTokens) found.push(key);
  return found;
}
