import { type Draws, derive, drawRatios } from "../../statistics/bootstrap.ts";
import { random } from "../../statistics/random.ts";

/** A token of a contrast: by how much more a random cut costs than the cut to the largest, for each kind of cut. */
export interface Contrasted {
  readonly document: number;
  readonly hard: boolean;
  /** [kinds] nats */
  readonly advantage: ArrayLike<number>;
}

/** Mean advantage on easy tokens and on hard ones, then hard less easy, [3 × kinds]; bootstrap over documents. */
export function interactions(tokens: readonly Contrasted[], documents: number, seed: number): Draws {
  const kinds = tokens[0]!.advantage.length;
  const sums = new Float64Array(documents * 2 * kinds);
  const counts = new Float64Array(documents * 2 * kinds);
  for (const { document, hard, advantage } of tokens)
    for (let kind = 0; kind < kinds; kind++) {
      const at = (document * 2 + Number(hard)) * kinds + kind;
      sums[at]! += advantage[kind]!;
      counts[at]!++;
    }
  return derive(drawRatios(sums, counts, 2 * kinds, { seed }), (means) => [
    ...means,
    ...Array.from({ length: kinds }, (_, kind) => means[kinds + kind]! - means[kind]!),
  ]);
}

/** The same tokens with hard and easy dealt out anew within each document. */
export function shuffledDifficulty(tokens: readonly Contrasted[], seed: number): Contrasted[] {
  return [...Map.groupBy(tokens, ({ document }) => document)].flatMap(([document, own]) => {
    const dealt = random(seed + document).shuffle(own.map(({ hard }) => hard));
    return own.map((token, i) => ({ ...token, hard: dealt[i]! }));
  });
}
