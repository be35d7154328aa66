/** What `JSON.parse` doesn't tell: keys of the outermost object that stand twice, and how many brackets are opened. */
export interface JsonScan {
  readonly repeated: string | undefined;
  /** Opening brackets and braces: each makes an object, which takes far more memory than its one byte. */
  readonly opened: number;
}

/** Scans the text of a JSON document, valid or not. */
export function scanJson(text: string): JsonScan {
  const keys = new Set<string>();
  let repeated: string | undefined;
  let opened = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (character === "{" || character === "[") {
      opened++;
      depth++;
    } else if (character === "}" || character === "]") depth--;
    else if (character === '"') {
      const start = i;
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === "\\") i++;
      if (depth !== 1 || !/^\s*:/.test(text.slice(i + 1, i + 9))) continue;
      const key = text.slice(start, i + 1);
      if (keys.has(key)) repeated ??= key;
      keys.add(key);
    }
  }
  return { repeated, opened };
}
