import picomatch from "picomatch";

/** Splits `a,b.{c,d}` at the commas that stand outside braces. */
export function splitGlobs(list: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const character of list) {
    if (character === "," && depth === 0) {
      parts.push("");
      continue;
    }
    if (character === "{") depth++;
    if (character === "}") depth--;
    parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/**
 * The points that a name or glob matches, in order of computation; `*` stands for any characters.
 * Throws when none does, naming the nearest point.
 */
export function matchPoints(glob: string, points: readonly string[]): string[] {
  const isMatch = picomatch(glob, { dot: true });
  const found = points.filter((point) => isMatch(point));
  if (found.length > 0) return found;
  const literal = glob.replaceAll("*", "0");
  const nearest = points.reduce((best, point) => (distance(literal, point) < distance(literal, best) ? point : best));
  throw new Error(`No point matches "${glob}". The nearest is "${nearest}"; \`*\` stands for any characters.`);
}

/** Levenshtein's edit distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
