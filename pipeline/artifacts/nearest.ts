/** The names that one may have been meant for, nearest first: as few edits away as a slip of the hand makes. */
export function nearestTo(name: string, names: Iterable<string>): string[] {
  const most = Math.max(1, Math.floor(name.length / 4));
  return [...names]
    .map((each) => ({ each, distance: distanceOf(name, each, most) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance)
    .map(({ each }) => each);
}

/** `; did you mean "depth"?`, or nothing where no name is near. */
export function hintFor(name: string, names: Iterable<string>): string {
  const [best] = nearestTo(name, names);
  return best === undefined ? "" : `; did you mean "${best}"?`;
}

/**
 * Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other (optimal string alignment,
 * Damerau 1964); `most + 1` where it takes more.
 */
function distanceOf(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
