import type { Place, ReadPassage } from "./passage-positions.ts";

/** What single things a unit may stand for, from the letters to the text. */
export const KINDS = [
  "token",
  "previous token",
  "pair of tokens",
  "next token",
  "shape",
  "part of speech",
  "supersense",
  "category",
] as const;

export interface Concepts {
  readonly labels: readonly { readonly kind: (typeof KINDS)[number]; readonly label: string }[];
  /** [positions × kinds] number of the concept that holds there, −1 where the position has none that is kept. */
  readonly at: Int32Array;
}

/** Positions that are read, by number: passage after passage, each as long as the others. */
export interface Positions {
  readonly documents: number;
  /** Positions in each document. */
  readonly length: number;
  /** 1 where a position counts: no sink. */
  readonly kept: Uint8Array;
  /** [documents] which half each belongs to. */
  readonly halves: Uint8Array;
  /** Numbers of the kept positions of each half. */
  readonly ofHalf: readonly [Int32Array, Int32Array];
}

export function positionsOf(documents: number, length: number, kept: Uint8Array, halves: Uint8Array): Positions {
  const numbers = Int32Array.from(kept.keys()).filter((i) => kept[i]);
  const half = (h: number) => numbers.filter((i) => halves[Math.floor(i / length)] === h);
  return { documents, length, kept, halves, ofHalf: [half(0), half(1)] };
}

/** What `of` [positions × width] holds at the first `length` positions of every document. */
export function shortened<A extends Int16Array | Int32Array | Uint8Array>(
  of: A,
  positions: Positions,
  length: number,
  width = 1,
): A {
  const rows = Array.from({ length: positions.documents }, (_, d) => d * positions.length * width);
  const out = of.slice(0, positions.documents * length * width) as A;
  rows.forEach((from, d) => {
    out.set(of.subarray(from, from + length * width), d * length * width);
  });
  return out;
}

/**
 * The concepts that hold at the positions: every value of every kind that stands at `least` kept positions of each half.
 * @param show a token as readers see it
 */
export function conceptsOf(
  passages: readonly ReadPassage[],
  positions: Positions,
  least: number,
  show: (token: number) => string,
): Concepts {
  const labels: Concepts["labels"][number][] = [];
  const at = new Int32Array(positions.kept.length * KINDS.length).fill(-1);
  const places = passages.flatMap((passage) => passage.places);
  KINDS.forEach((kind, k) => {
    const counts = new Map<string | number, [number, number]>();
    const values = places.map((place) => VALUE[kind](place));
    positions.ofHalf.forEach((half, h) => {
      for (const i of half) {
        const value = values[i];
        if (value === undefined) continue;
        const count = counts.get(value) ?? [0, 0];
        count[h]!++;
        counts.set(value, count);
      }
    });
    const numbers = new Map<string | number, number>();
    for (const [value, [a, b]] of counts) {
      if (Math.min(a, b) < least) continue;
      numbers.set(value, labels.length);
      labels.push({ kind, label: labelOf(kind, value, show) });
    }
    values.forEach((value, i) => {
      if (positions.kept[i] && value !== undefined) at[i * KINDS.length + k] = numbers.get(value) ?? -1;
    });
  });
  return { labels, at };
}

const PAIR = 2 ** 24;
const VALUE: Record<(typeof KINDS)[number], (place: Place) => string | number | undefined> = {
  token: ({ token }) => token,
  "previous token": ({ previous }) => previous,
  "pair of tokens": ({ previous, token }) => previous * PAIR + token,
  "next token": ({ next }) => next,
  shape: ({ shape }) => shape,
  "part of speech": ({ tag }) => tag,
  supersense: ({ supersense }) => supersense,
  category: ({ category }) => category,
};

function labelOf(kind: string, value: string | number, show: (token: number) => string): string {
  if (typeof value === "string") return value;
  return kind === "pair of tokens" ? show(Math.floor(value / PAIR)) + show(value % PAIR) : show(value);
}
