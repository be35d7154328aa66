import { passages, universalTag } from "../../corpora/brown.ts";
import { supersense } from "../../corpora/wordnet.ts";
import type { Tokenizer } from "../../engine/checkpoint.ts";

/** What can be said of a position without a model. */
export interface Place {
  readonly token: number;
  readonly previous: number;
  readonly next: number;
  /** The word that the token is of, and the words before it in the passage, nearest first. */
  readonly word: string;
  readonly before: readonly string[];
  readonly tag: string;
  readonly supersense: string | undefined;
  readonly category: string;
  readonly shape: string;
}

export interface ReadPassage {
  readonly document: string;
  readonly ids: readonly number[];
  /** One for each token after the first. */
  readonly places: readonly Place[];
}

/** How many words back a context reaches. */
const BACK = 8;

/** One stretch of each of `count` Brown documents, `tokens` tokens long; documents with none so long are left out. */
export function readPassages(tokenizer: Tokenizer, count: number, tokens: number, seed: number): ReadPassage[] {
  return passages({ count, words: tokens, seed }).flatMap(({ document, category, text, words }) => {
    const whole = tokenizer.encode(text).slice(0, tokens + 1);
    if (whole.length <= tokens) return [];
    const places: Place[] = [];
    let end = tokenizer.token(whole[0]!).length;
    let at = 0;
    for (let t = 1; t < tokens; t++) {
      const start = end;
      const shown = tokenizer.token(whole[t]!);
      end += shown.length;
      // The word that holds the token's last character; a mark is a word of its own.
      while (at < words.length - 1 && words[at]!.end < end) at++;
      const { text: word, tag, start: from } = words[at]!;
      places.push({
        token: whole[t]!,
        previous: whole[t - 1]!,
        next: whole[t + 1]!,
        word,
        before: words
          .slice(Math.max(0, at - BACK), at)
          .map((each) => each.text)
          .reverse(),
        tag: universalTag(tag),
        supersense: /^nn/.test(tag) ? supersense(word) : undefined,
        category,
        shape: shapeOf(shown, start > from),
      });
    }
    return [{ document, ids: whole.slice(0, tokens), places }];
  });
}

/** What a token looks like: where it stands in its word, its letters' case, digits, marks. */
function shapeOf(token: string, inside: boolean): string {
  const letters = token.trim();
  const kind = /^[A-Z][A-Z]+$/.test(letters)
    ? "capitals"
    : /^[A-Z]/.test(letters)
      ? "capital"
      : /^[a-z]/.test(letters)
        ? "small"
        : /^\d/.test(letters)
          ? "digit"
          : letters === ""
            ? "space"
            : "mark";
  return inside ? `${kind}, inside a word` : kind;
}
