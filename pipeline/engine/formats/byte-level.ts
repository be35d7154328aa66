/**
 * GPT-2's way to write any byte as a printable character (`bytes_to_unicode` of its encoder.py): bytes that print stand
 * for themselves, the others follow from U+0100.
 */
export const characterOfByte: readonly string[] = (() => {
  const prints = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(prints(byte) ? byte : next++));
})();

export const byteOfCharacter: ReadonlyMap<string, number> = new Map(
  characterOfByte.map((character, byte) => [character, byte]),
);

/**
 * GPT-2's splitting of text into words, as Rust's `tokenizers` reads it: there `\s` is Unicode White_Space, while
 * JavaScript's has U+FEFF and lacks U+0085.
 */
export const GPT2_WORDS =
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\p{White_Space}\\p{L}\\p{N}]+|\\p{White_Space}+(?!\\P{White_Space})|\\p{White_Space}+";
