import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cacheKeys } from "../../src/facts/cache-keys.ts";
import { readFacts } from "../../src/facts/site.ts";

const NOTE = "does-the-invented-quantity-fall";
const keysIn = (folder: string) => {
  const facts = readFacts(folder);
  const keys = cacheKeys(facts);
  return {
    note: keys.note(NOTE),
    related: keys.note("do-sublayers-write-gently"),
    apart: keys.note("not-cited-anywhere"),
    line: keys.line("why-is-everything-invented"),
    source: keys.source("invented-2020-paper"),
    topic: keys.topic("depth"),
    experiment: keys.experiment("invented-lens"),
    data: keys.data,
  };
};

it("a changed note changes the key of its page and of every page that shows it, and of no other", () => {
  const folder = mkdtempSync(join(tmpdir(), "keys-"));
  try {
    cpSync("tests/fixtures/vault", folder, { recursive: true });
    const before = keysIn(folder);
    expect(keysIn(folder)).toEqual(before);
    const file = join(folder, `content/notes/${NOTE}.mdx`);
    writeFileSync(file, readFileSync(file, "utf8").replace("The limits are these", "The bounds are these"));
    const after = keysIn(folder);
    const changed = Object.keys(before).filter((page) => before[page as "note"] !== after[page as "note"]);
    expect(changed).toEqual(["note", "related", "line", "source", "topic", "experiment"]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
