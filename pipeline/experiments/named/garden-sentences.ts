import type { GardenPathPrompts } from "../../artifacts/content/prompts/garden-paths.ts";
import type { Tokenizer } from "../../engine/checkpoint.ts";

export type Side = 0 | 1;
export const SIDES: readonly Side[] = [0, 1];

/** A sentence as far as its last word, which is still to come. */
export interface GardenSentence {
  readonly ids: readonly number[];
  /** Where the noun ends. */
  readonly target: number;
}

/** An item as tokens: sentences by the sense of the cue, then by that of the turn; the words' first tokens by sense. */
export interface GardenItem {
  readonly id: string;
  readonly lemma: string;
  readonly cues: readonly [string, string];
  readonly sentences: readonly (readonly GardenSentence[])[];
  readonly words: readonly [number, number];
}

/** The items whose words begin apart and whose openings are tokens of their own, as this tokenizer has them. */
export function gardenItems({ items }: GardenPathPrompts, tokenizer: Tokenizer): GardenItem[] {
  return items.flatMap(({ id, lemma, opening, cues, turns, words }): GardenItem[] => {
    const [a, b] = words.map((word) => tokenizer.encode(word)[0]!) as [number, number];
    const sentences = SIDES.map((cue) =>
      SIDES.map((turn) => {
        const begun = opening.replace("{}", cues[cue]);
        const start = tokenizer.encode(begun);
        const ids = tokenizer.encode(begun + turns[turn]);
        return { ids, target: start.length - 1, begins: start.every((token, t) => ids[t] === token) };
      }),
    );
    const whole = sentences.flat().every(({ begins }) => begins);
    if (a === b || !whole) return [];
    const kept = sentences.map((of) => of.map(({ ids, target }) => ({ ids, target })));
    return [{ id, lemma, cues, sentences: kept, words: [a, b] }];
  });
}
