import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { soundings } from "../support/cli.ts";
import { realModel } from "../support/real-model.ts";

let folder: string;
beforeAll(() => {
  realModel();
  folder = mkdtempSync(join(tmpdir(), "soundings-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string): string {
  const path = join(folder, "texts.json");
  writeFileSync(path, content);
  return path;
}

test("256 strings give one JSON list of id lists on standard output, and nothing else there", async () => {
  const golden: { text: string; ids: number[] }[] = JSON.parse(
    readFileSync(new URL("../golden/smollm2/smollm2-tokenizer.json", import.meta.url), "utf8"),
  );
  const texts = file(JSON.stringify(golden.map(({ text }) => text)));
  const { code, stdout } = await soundings(["tokenize", "--model", "smollm2-135m", "--file", texts]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(golden.map(({ ids }) => ids));
  expect(stdout.trimEnd().split("\n")).toHaveLength(1);
});

test("an empty list is one", async () => {
  expect((await soundings(["tokenize", "--model", "smollm2-135m", "--file", file("[]")])).stdout).toBe("[]\n");
});

test.each<[string, () => string[], number, RegExp]>([
  [
    "an unknown model",
    () => ["--model", "smollm", "--file", file("[]")],
    1,
    /^error: no model "smollm"; did you mean "smollm2-135m"\?/,
  ],
  [
    "a file that isn't there",
    () => ["--model", "smollm2-135m", "--file", join(folder, "no.json")],
    1,
    /^error: --file .*no\.json: cannot be read/,
  ],
  [
    "no JSON",
    () => ["--model", "smollm2-135m", "--file", file("[")],
    1,
    /^error: --file .*: no JSON .*; expected a list of strings/,
  ],
  [
    "a number in the list",
    () => ["--model", "smollm2-135m", "--file", file('["a", 1]')],
    1,
    /^error: --file .*: item 1: .*expected string/,
  ],
  [
    "an object",
    () => ["--model", "smollm2-135m", "--file", file("{}")],
    1,
    /^error: --file .*: its content: .*expected a JSON list of strings/,
  ],
  ["no model named", () => ["--file", file("[]")], 2, /^error: required option '--model <id>' not specified/],
  [
    "an option that isn't there",
    () => ["--model", "x", "--file", "y", "--modle"],
    2,
    /^error: unknown option '--modle'/,
  ],
])("%s is one line on standard error", async (_, args, code, message) => {
  const ran = await soundings(["tokenize", ...args()]);
  expect(ran).toMatchObject({ code, stdout: "" });
  expect(ran.stderr).toMatch(message);
});

test("without the weights it says how to get them", async () => {
  const ran = await soundings(["tokenize", "--model", "smollm2-135m", "--file", file("[]")], {
    SOUNDINGS_MODELS: folder,
  });
  expect(ran).toMatchObject({ code: 1, stdout: "" });
  expect(ran.stderr).toContain("npm run models -- pull smollm2-135m");
});
