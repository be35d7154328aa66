/** A token as it is searched for: lower case, without the space before it. */
export const wordOf = (token: string): string => token.trim().toLowerCase();

/** The piece of the index that a word is in: its first letter, `0` for a digit, `_` for anything else. */
export function wordPiece(word: string): string {
  const first = word[0] ?? "";
  return /[a-z]/.test(first) ? first : /\d/.test(first) ? "0" : "_";
}

/** A word with the units that go with it: [block, unit, 1 where the unit fires there, 0 where it only raises it]. */
export type UnitWords = Record<string, [block: number, unit: number, fires: 0 | 1][]>;
