import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ContentError, readContent, readVault, splitFrontmatter } from "../../pipeline/artifacts/content-files.ts";
import { makeVault, note, type Vault } from "../jobs/vault.ts";

let vault: Vault;
beforeEach(() => {
  vault = makeVault();
});
afterEach(() => vault.remove());
const NOTE = "content/notes/how-long-are-words.mdx";
/** Line of the sample note that starts so. */
const lineOf = (start: string) =>
  note()
    .split("\n")
    .findIndex((line) => line.startsWith(start)) + 1;
const problemsWith = (text: string) => {
  vault.write(NOTE, text);
  try {
    readVault(vault.root);
  } catch (error) {
    if (error instanceof ContentError) return error.message.split("\n");
    throw error;
  }
  return [];
};

describe("content files", () => {
  it("are read with their name as id, their body apart", () => {
    const { notes, prompts, models } = readVault(vault.root);
    expect(notes).toMatchObject([{ id: "how-long-are-words", body: "Words are long.\n", file: NOTE }]);
    expect([prompts[0]?.id, models[0]?.data.files[1]?.sha256.length]).toEqual(["words", 64]);
    expect(Object.keys(readContent(vault.root, ["notes"]))).toEqual(["notes"]);
  });

  it.each([
    [
      "a claim without a statement",
      note().replace("    statement: They are long.\n", ""),
      ": claims.0.statement: Invalid input: expected string, received undefined (found nothing)",
    ],
    [
      "a wrong kind of value",
      note().replace("date: 2026-11-22", "date: soon"),
      `${NOTE}:${lineOf("date: 2026-11-22")}: date: `,
    ],
    [
      "a misspelt key",
      note().replace("summary:", "sumary:"),
      `${NOTE}:${lineOf("summary:")}: the whole: Unrecognized key: "sumary" (found`,
    ],
    ["a misspelt key, and what it may have meant", note().replace("summary:", "sumary:"), '; did you mean "summary"?'],
    [
      "a misspelt key deep within",
      note().replace("    statement: They", "    statment: They"),
      `${NOTE}:${lineOf("    statement: They")}: claims.0: Unrecognized key: "statment"`,
    ],
    ["a misspelt word", note().replace("prior: blind", "prior: blnid"), '; did you mean "blind"?'],
    ["a key that nobody knows", note().replace("summary:", "sumary: x\nsummary:"), 'Unrecognized key: "sumary"'],
    [
      "two ranges",
      note().replace("above: 5", "above: 5\n        below: 9"),
      "claims.0.predictions.0: expected exactly one of above, below, within; found 2",
    ],
    ["no frontmatter", "Words are long.", `${NOTE}:1: frontmatter: expected it between two lines of ---, found none.`],
    ["YAML that is none", note().replace("title: How", "title: [How"), `${NOTE}:`],
  ])("with %s is refused, with file and field", (_, text, expected) => {
    expect(problemsWith(text).join("\n")).toContain(expected);
  });

  it("are all looked at before anything is said", () => {
    vault.write("content/prompts/other.yaml", "kind: tasks\n");
    expect(
      problemsWith(note().replace("    statement: They are long.\n", "")).map((line) => line.split(":")[0]),
    ).toEqual(expect.arrayContaining([NOTE, "content/prompts/other.yaml"]));
  });

  it("of another kind in the folder are named, not passed over", () => {
    vault.write("content/notes/old.md", "x");
    expect(() => readVault(vault.root)).toThrow("content/notes/old.md: name: expected a file that ends in .mdx");
  });

  it("split at the first two fences, with either kind of line end", () => {
    expect(splitFrontmatter("---\na: 1\n---\nb\n---\nc")).toEqual({ yaml: "a: 1\n", body: "b\n---\nc", line: 4 });
    expect(splitFrontmatter("---\r\na: 1\r\n---\r\nb")?.body).toBe("b");
    expect(splitFrontmatter("x\n---\na: 1\n---\n")).toBeUndefined();
  });
});
