import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";

/** A file's text, byte by byte; of a packed one what is in it. */
export const textOf = (path: string): string => {
  const bytes = readFileSync(path);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1");
};

/** Edits what is in a packed file, as a hand would. */
export function editPacked(path: string, edit: (text: string) => string): void {
  writeFileSync(path, gzipSync(Buffer.from(edit(textOf(path)), "latin1")));
}
