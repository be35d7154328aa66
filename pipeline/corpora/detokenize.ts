/** One `word/tag` of the corpus. */
export interface Token {
  readonly word: string;
  readonly tag: string;
}

/** A word or mark in a text. */
export interface Word {
  readonly text: string;
  /** Span in UTF-16 units, end exclusive: `sentence.text.slice(start, end) === text`. */
  readonly start: number;
  readonly end: number;
  /** Brown tag as in the corpus: `nn`, `np-tl`, `ppss+ber`. */
  readonly tag: string;
}

/** Marks written without a space before them. */
const CLOSES = /^(?:[,.;:?!)\]]|'')$/;
/** Marks written without a space after them. */
const OPENS = /^(?:[([]|``)$/;

/**
 * One sentence's tokens as ordinary text: no space before closing marks and after opening ones; straight quotes; `.`,
 * `,`, `?` and `!` before a closing quote instead of after it; a full stop not repeated after an abbreviation that ends
 * in one (that token is then no word of its own). `--` keeps its spaces.
 */
export function detokenize(tokens: readonly Token[]): { text: string; words: Word[] } {
  let text = "";
  const words: Word[] = [];
  let attach = true;
  for (const { word, tag, side } of marksBeforeQuotes(sided(tokens))) {
    if (word === "." && side && text.endsWith(".")) continue;
    if (!attach && side !== "closes") text += " ";
    const written = word.replaceAll(/''|``/g, '"');
    words.push({ text: written, start: text.length, end: text.length + written.length, tag });
    text += written;
    attach = side === "opens";
  }
  return { text, words };
}

interface Sided extends Token {
  /** How a mark stands: against the word before it, or against the one after it. */
  readonly side?: "closes" | "opens" | undefined;
}

function sided(tokens: readonly Token[]): Sided[] {
  let single = false;
  return tokens.map(({ word, tag }, i) => {
    if (!isMark({ word, tag })) return { word, tag };
    if (word === "'") {
      // One token serves as opening and closing single quote: they take turns, but one that no word follows closes.
      single = !single && !tokens.slice(i + 1).every(isMark);
      return { word, tag, side: single ? "opens" : "closes" };
    }
    return { word, tag, side: CLOSES.test(word) ? "closes" : OPENS.test(word) ? "opens" : undefined };
  });
}

function marksBeforeQuotes(tokens: Sided[]): Sided[] {
  const out: Sided[] = [];
  for (const token of tokens) {
    let at = out.length;
    if (token.side && /^[.,?!]$/.test(token.word)) {
      while (at > 0 && out[at - 1]!.side === "closes" && /^'+$/.test(out[at - 1]!.word)) at--;
    }
    out.splice(at, 0, token);
  }
  return out;
}

/** Tags of punctuation are the marks themselves: `.`, `,-hl`, `(`, `--`; in untagged and foreign stretches the word decides. */
function isMark({ word, tag }: Token): boolean {
  if (/^(?:nil|fw-)/.test(tag)) return CLOSES.test(word) || OPENS.test(word);
  return /^(?:[.,:()'`]|--)/.test(tag);
}
