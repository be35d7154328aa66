/** Pages as [address, title], those first whose address or title has most runs of three letters in common with a path. */
export function nearest(path: string, pages: readonly [string, string][]): [string, string][] {
  const asked = grams(path);
  return pages
    .map((page) => ({ page, score: Math.max(likeness(asked, grams(page[0])), likeness(asked, grams(page[1]))) }))
    .sort((a, b) => b.score - a.score)
    .map(({ page }) => page);
}

/** Runs of three characters: robust to a missing or mistyped word. */
function grams(words: string): Set<string> {
  const text = ` ${words.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ")} `;
  return new Set(Array.from({ length: Math.max(0, text.length - 2) }, (_, i) => text.slice(i, i + 3)));
}

/** Dice's coefficient of two sets. */
function likeness(a: Set<string>, b: Set<string>): number {
  return (2 * [...a].filter((each) => b.has(each)).length) / (a.size + b.size || 1);
}
