/** Tokens as they are shown: as the model has them, never trimmed, never markup. Used at build and in the browser. */

export interface Piece {
  /** `mark`: a sign that stands for something invisible, set faintly. */
  kind: "text" | "mark";
  text: string;
}

/** What cannot be seen, or would change the order of what can. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/u;

/** A token in pieces: `·` for a space, `↵` newline, `⇥` tab, `U+200B` for what else can't be seen, `∅` for an empty token. */
export function piecesOf(token: string): Piece[] {
  if (token === "") return [{ kind: "mark", text: "∅" }];
  const pieces: Piece[] = [];
  for (const character of token) {
    const mark = markOf(character);
    const piece: Piece = mark === undefined ? { kind: "text", text: character } : { kind: "mark", text: mark };
    const last = pieces.at(-1);
    if (last?.kind === piece.kind) last.text += piece.text;
    else pieces.push(piece);
  }
  return pieces;
}

function markOf(character: string): string | undefined {
  if (character === " ") return "·";
  if (character === "\n") return "↵";
  if (character === "\r") return "␍";
  if (character === "\t") return "⇥";
  if (INVISIBLE.test(character) || /\s/.test(character))
    return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
  return undefined;
}

/** The token as it is said: what can't be seen by its name. */
export function spoken(token: string): string {
  const inner = token.replace(/^ (?=\S)/, "");
  const words = piecesOf(inner).map(({ kind, text }) =>
    kind === "text"
      ? text
      : text
          .replaceAll("·", " space ")
          .replaceAll("↵", " newline ")
          .replaceAll("⇥", " tab ")
          .replaceAll("∅", " nothing "),
  );
  return `“${words.join("").trim()}”${inner === token && /^\p{L}/u.test(token) ? " without a space" : ""}`;
}
