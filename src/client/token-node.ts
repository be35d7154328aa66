import { piecesOf } from "../charts/token-text.ts";

/** A token as pages show it. Its text is only ever text. */
export function tokenNode(token: string): HTMLSpanElement {
  const span = document.createElement("span");
  span.className = "token";
  for (const { kind, text } of piecesOf(token)) {
    if (kind === "text") {
      span.append(text);
      continue;
    }
    const mark = document.createElement("i");
    mark.textContent = text;
    span.append(mark);
  }
  return span;
}
