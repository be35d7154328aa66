import { dot } from "../../statistics/dense.ts";
import { random } from "../../statistics/random.ts";

/** How a static vector lies to two anchor vectors. */
export interface TwoAnchors {
  /** Cosine to the less similar of the two. */
  readonly weaker: number;
  /** Share of its squared length that a combination of the two gives. */
  readonly explained: number;
}

/** @param vector and anchors all centred on the mean of the vocabulary */
export function twoAnchors(vector: Float64Array, anchors: readonly [Float64Array, Float64Array]): TwoAnchors {
  const length = Math.sqrt(dot(vector, vector));
  const [a, b] = anchors.map((anchor) => anchor.map((x) => x / (Math.sqrt(dot(anchor, anchor)) || 1))) as [
    Float64Array,
    Float64Array,
  ];
  const unit = vector.map((x) => x / length);
  const [p, q, r] = [dot(unit, a), dot(unit, b), dot(a, b)];
  // Squared length of the projection on the plane of two unit vectors with cosine r.
  const explained = (p * p + q * q - 2 * p * q * r) / Math.max(1e-12, 1 - r * r);
  return { weaker: Math.min(p, q), explained };
}

/** A word that may stand in an anchor. */
export interface AnchorWord {
  readonly word: string;
  /** Occurrences in the reference corpus. */
  readonly count: number;
  /** Tokens with its leading space. */
  readonly tokens: number;
}

/** Words by number of tokens and class of log₂ count. */
export type AnchorPool = ReadonlyMap<string, readonly AnchorWord[]>;

const level = ({ count }: AnchorWord) => Math.round(Math.log2(count + 1));
const bucket = (tokens: number, at: number) => `${tokens}/${at}`;

export const anchorPool = (words: readonly AnchorWord[]): AnchorPool =>
  Map.groupBy(words, (word) => bucket(word.tokens, level(word)));

/**
 * Words of matched frequency: for each word one drawn from the pool's words of as many tokens and the same class of
 * log₂ count, or the nearest class that has one left; none twice.
 * @throws Error where the pool has no such word left.
 */
export function matchedWords(words: readonly AnchorWord[], pool: AnchorPool, seed: number): AnchorWord[] {
  const generator = random(seed);
  const taken = new Set(words.map(({ word }) => word));
  return words.map((word) => {
    for (let slack = 0; slack < 20; slack++) {
      const levels = slack === 0 ? [level(word)] : [level(word) - slack, level(word) + slack];
      const near = levels.flatMap((at) => pool.get(bucket(word.tokens, at)) ?? []).filter((w) => !taken.has(w.word));
      if (near.length === 0) continue;
      const drawn = near[generator.int(near.length)]!;
      taken.add(drawn.word);
      return drawn;
    }
    throw new Error(`No word of the pool matches "${word.word}" (${word.count} occurrences, ${word.tokens} tokens).`);
  });
}
