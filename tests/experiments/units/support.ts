import { type Concepts, KINDS, type Positions, positionsOf } from "../../../pipeline/experiments/units/concepts.ts";
import { random } from "../../../pipeline/statistics/random.ts";

export const DOCUMENTS = 80;
export const LENGTH = 100;

export const positions: Positions = positionsOf(
  DOCUMENTS,
  LENGTH,
  new Uint8Array(DOCUMENTS * LENGTH).fill(1),
  Uint8Array.from({ length: DOCUMENTS }, (_, d) => d % 2),
);

/** Each position has one token of 40, one category by its document, and nothing else. */
const { int } = random(11);
export const tokens = Int32Array.from({ length: DOCUMENTS * LENGTH }, () => int(40));
export const categories = Int32Array.from({ length: DOCUMENTS * LENGTH }, (_, i) => Math.floor(i / LENGTH / 2) % 5);

export const concepts: Concepts = {
  labels: [
    ...Array.from({ length: 40 }, (_, t) => ({ kind: "token" as const, label: String(t) })),
    ...Array.from({ length: 5 }, (_, c) => ({ kind: "category" as const, label: `c${c}` })),
  ],
  at: Int32Array.from({ length: DOCUMENTS * LENGTH * KINDS.length }, (_, slot) => {
    const [i, kind] = [Math.floor(slot / KINDS.length), KINDS[slot % KINDS.length]!];
    if (kind === "token") return tokens[i]!;
    return kind === "category" ? 40 + categories[i]! : -1;
  }),
};

/** ∂value / ∂weight of a document, by counting the document twice and halving its effect: a finite difference for checks. */
export function without<T>(document: number, of: (positions: Positions) => T): T {
  const kept = Uint8Array.from(positions.kept, (keep, i) => (Math.floor(i / LENGTH) === document ? 0 : keep));
  return of(positionsOf(DOCUMENTS, LENGTH, kept, positions.halves));
}
