/**
 * How far two partitions of the same items agree, corrected for chance (Hubert & Arabie 1985): 1 where they are the same but
 * for the clusters' names, about 0 where they have nothing to do with each other. With n_ij items in cluster i of one and j of
 * the other, and a_i, b_j their sums, (Σ C(n_ij, 2) − E) / ((Σ C(a_i, 2) + Σ C(b_j, 2)) / 2 − E), where
 * E = Σ C(a_i, 2) Σ C(b_j, 2) / C(n, 2). Two partitions that both leave all items together, or each alone, agree by 1.
 * Throws where they are of different lengths.
 */
export function adjustedRand(one: ArrayLike<number>, other: ArrayLike<number>): number {
  if (one.length !== other.length)
    throw new Error(
      `Two partitions of the same items are compared, and one has ${one.length}, the other ${other.length}.`,
    );
  const [rows, columns, cells] = [new Map<number, number>(), new Map<number, number>(), new Map<string, number>()];
  const count = <K>(counts: Map<K, number>, key: K) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (let i = 0; i < one.length; i++) {
    count(rows, one[i]!);
    count(columns, other[i]!);
    count(cells, `${one[i]} ${other[i]}`);
  }
  const pairs = (counts: Map<unknown, number>) => [...counts.values()].reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
  const [a, b] = [pairs(rows), pairs(columns)];
  const expected = (a * b) / ((one.length * (one.length - 1)) / 2);
  const most = (a + b) / 2;
  return most === expected ? 1 : (pairs(cells) - expected) / (most - expected);
}
