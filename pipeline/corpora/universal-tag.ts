/** The twelve tags of Petrov, Das & McDonald (2012). */
export type UniversalTag =
  | "NOUN"
  | "VERB"
  | "ADJ"
  | "ADV"
  | "PRON"
  | "DET"
  | "ADP"
  | "NUM"
  | "CONJ"
  | "PRT"
  | "."
  | "X";

/** First match wins; each is tried on the tag without its suffixes and negation. */
const RULES: readonly (readonly [RegExp, UniversalTag])[] = [
  [/^(?:fw|nil)/, "X"],
  [/^(?:pp\$|wp\$)$/, "DET"],
  [/^(?:nn|np|nr)/, "NOUN"],
  [/^(?:vb|be|do|hv|md)/, "VERB"],
  [/^(?:jj|ap|od)/, "ADJ"],
  [/^cd/, "NUM"],
  [/^(?:at|dt|ab|wdt)/, "DET"],
  [/^(?:pn|pp|wps|wpo)/, "PRON"],
  [/^(?:rb|rn|ql|wrb|wql)/, "ADV"],
  [/^(?:in|cs)$/, "ADP"],
  [/^cc$/, "CONJ"],
  [/^(?:rp|to|ex|uh)$/, "PRT"],
];

/**
 * A Brown tag simplified to the universal tag set, after Petrov et al.'s map of it. Suffixes for titles, headlines and
 * cited words (`-tl`, `-hl`, `-nc`) are dropped; a contraction (`ppss+ber`) counts as its first part; foreign words and
 * untagged ones are X.
 */
export function universalTag(tag: string): UniversalTag {
  if (tag === "*" || tag.startsWith("*-")) return "ADV";
  if (/^(?:[.,:()'`]|--)/.test(tag)) return ".";
  const base = tag
    .replace(/-(?:tl|hl|nc|t|n)(?=$|-)/g, "")
    .split("+")[0]!
    .replace(/\*$/, "");
  return RULES.find(([pattern]) => pattern.test(base))?.[1] ?? "X";
}
