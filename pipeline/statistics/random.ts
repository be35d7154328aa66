import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A seeded source of randomness: the same seed gives the same numbers on every platform. */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform integer in [0, below). Throws a RangeError unless `below` is a positive integer. */
  int(below: number): number;
  /** Standard normal. */
  normal(): number;
  /** A shuffled copy (Fisher–Yates); the argument is left as it is. */
  shuffle<T>(items: ArrayLike<T>): T[];
  /** `count` distinct integers of [0, population), in random order. */
  sample(population: number, count: number): Int32Array;
}

/**
 * A xoroshiro128+ generator (pure-rand).
 * @param seed any safe integer; close seeds give unrelated streams.
 * @throws RangeError where the seed is no integer.
 */
export function random(seed: number): Random {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`A seed has to be a whole number; found ${seed}.`);
  // The generator starts from a state that hardly differs between close seeds: scramble the seed, then let it run in.
  const generator = xoroshiro128plus(scramble(seed));
  for (let i = 0; i < 32; i++) generator.next();
  let spare: number | undefined;

  const uniform = () => uniformFloat64(generator);
  const int = (below: number) => {
    if (!Number.isSafeInteger(below) || below < 1) {
      throw new RangeError(`A random integer needs a whole upper bound of 1 or more; found ${below}.`);
    }
    return uniformInt(generator, 0, below - 1);
  };
  return {
    uniform,
    int,
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      // Marsaglia's polar method: needs only log and sqrt, no trigonometry that platforms may round differently.
      for (;;) {
        const u = 2 * uniform() - 1;
        const v = 2 * uniform() - 1;
        const s = u * u + v * v;
        if (s === 0 || s >= 1) continue;
        const factor = Math.sqrt((-2 * Math.log(s)) / s);
        spare = v * factor;
        return u * factor;
      }
    },
    shuffle<T>(items: ArrayLike<T>): T[] {
      const shuffled = Array.from(items);
      for (let i = shuffled.length - 1; i > 0; i--) {
        const j = int(i + 1);
        [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
      }
      return shuffled;
    },
    sample(population: number, count: number): Int32Array {
      if (!(count >= 0 && count <= population)) {
        throw new RangeError(`Can't draw ${count} distinct items out of ${population}.`);
      }
      const items = Int32Array.from({ length: population }, (_, i) => i);
      for (let i = 0; i < count; i++) {
        const j = i + int(population - i);
        const drawn = items[j]!;
        items[j] = items[i]!;
        items[i] = drawn;
      }
      return items.slice(0, count);
    },
  };
}

/** MurmurHash3's finaliser over both halves of the seed. */
function scramble(seed: number): number {
  let h = (seed | 0) ^ Math.imul(Math.floor(seed / 2 ** 32) | 0, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
}
