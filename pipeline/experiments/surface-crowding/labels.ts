import type { Random } from "../../statistics/random.ts";
import type { Positions } from "../units/concepts.ts";
import type { Place } from "../units/passage-positions.ts";

export const FAMILIES = ["spelling", "meaning"] as const;
export type Family = (typeof FAMILIES)[number];

/** One way to sort positions: the group of each, 0 where it has none or its group is rare. */
export interface Labels {
  readonly family: Family;
  readonly name: string;
  readonly at: Int32Array;
  readonly groups: number;
}

/** What a token's letters tell, and what its word means, for each position; groups that don't stand at `least` positions in each half are one. */
export function labelsOf(
  places: readonly Place[],
  show: (token: number) => string,
  clusters: { readonly word: Int16Array; readonly context: Int16Array },
  positions: Positions,
  least: number,
): Labels[] {
  const letters = places.map(({ token }) => show(token).trim().toLowerCase());
  const known = (cluster: number) => (cluster < 0 ? undefined : cluster);
  const values: [Family, string, (i: number) => string | number | undefined][] = [
    ["spelling", "first two letters", (i) => letters[i]!.slice(0, 2)],
    ["spelling", "last two letters", (i) => letters[i]!.slice(-2)],
    ["spelling", "length", (i) => letters[i]!.length],
    ["spelling", "shape", (i) => places[i]!.shape],
    ["meaning", "supersense", (i) => places[i]!.supersense],
    ["meaning", "cluster of the word", (i) => known(clusters.word[i]!)],
    ["meaning", "cluster of the context", (i) => known(clusters.context[i]!)],
  ];
  return values.map(([family, name, value]) => ({ family, name, ...grouped(places.length, value, positions, least) }));
}

function grouped(
  count: number,
  value: (i: number) => string | number | undefined,
  { ofHalf }: Positions,
  least: number,
): Pick<Labels, "at" | "groups"> {
  const counts = new Map<string | number, [number, number]>();
  ofHalf.forEach((half, h) => {
    for (const i of half) {
      const found = value(i);
      if (found === undefined) continue;
      const of = counts.get(found) ?? [0, 0];
      of[h]!++;
      counts.set(found, of);
    }
  });
  const common = [...counts].filter(([, [a, b]]) => Math.min(a, b) >= least).map(([found]) => found);
  const numbers = new Map(common.map((found, g) => [found, g + 1]));
  const at = Int32Array.from({ length: count }, (_, i) => numbers.get(value(i) ?? "") ?? 0);
  return { at, groups: common.length + 1 };
}

/** Tokens of like frequency that change places, when labels are dealt anew. */
const PEERS = 8;

/**
 * For each position the one whose labels it gets when labels are dealt out anew among tokens of like frequency: each token
 * changes places with another of the eight about as frequent, and each of its positions gets one of the other's, drawn with
 * replacement. What then still goes with the labels goes with any that name tokens.
 */
export function dealtAmongTokens(tokens: ArrayLike<number>, { shuffle, int }: Pick<Random, "shuffle" | "int">) {
  const places = new Map<number, number[]>();
  for (let i = 0; i < tokens.length; i++) {
    const of = places.get(tokens[i]!) ?? [];
    of.push(i);
    places.set(tokens[i]!, of);
  }
  const order = [...places].sort(([a, x], [b, y]) => y.length - x.length || a - b);
  const from = new Int32Array(tokens.length);
  for (let start = 0; start < order.length; start += PEERS) {
    const peers = order.slice(start, start + PEERS);
    const ring = shuffle(peers.map((_, k) => k));
    ring.forEach((k, turn) => {
      const [, own] = peers[k]!;
      const [, other] = peers[ring[(turn + 1) % ring.length]!]!;
      for (const i of own) from[i] = other[int(other.length)]!;
    });
  }
  return from;
}

/** The labels that positions have once dealt. */
export const dealtLabels = (labels: readonly Labels[], from: Int32Array): Labels[] =>
  labels.map((each) => ({ ...each, at: each.at.map((_, i) => each.at[from[i]!]!) }));
