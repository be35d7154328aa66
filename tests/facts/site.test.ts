import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readFacts } from "../../src/facts/site.ts";

const FIXTURE = "tests/fixtures/vault";
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The fixture vault with some text replaced in one file. */
function altered(file: string, from: string | RegExp, to: string): string {
  const folder = mkdtempSync(join(tmpdir(), "vault-"));
  folders.push(folder);
  cpSync(FIXTURE, folder, { recursive: true });
  const before = readFileSync(join(folder, file), "utf8");
  const after = before.replace(from, to);
  expect(after, `${file} should change`).not.toBe(before);
  writeFileSync(join(folder, file), after);
  return folder;
}

describe("the facts of the fixture", () => {
  const facts = readFacts(FIXTURE);

  it("gives each of the seven verdicts where it is due", () => {
    const verdicts = Object.fromEntries(
      [...facts.claims].map(([key, { first }]) => [key.split("/")[1], first.verdict]),
    );
    expect(verdicts).toEqual({
      "it-falls": "supported",
      "early-first": "mixed",
      gentle: "contradicted",
      "beyond-chance": "confounded",
      undecided: "inconclusive",
      "later-work": "untested",
      analogy: "untestable",
      waiting: "untested",
      "deeper-is-better": "supported",
    });
  });

  it("puts a claim to what its experiments run on, and to nothing else", () => {
    const on = (key: string) => facts.claims.get(key)!.models.map(({ model }) => model.id);
    expect(on("do-invented-networks-gain-by-depth/deeper-is-better")).toEqual(["fixture-nets"]);
    expect(on("does-the-invented-quantity-fall/it-falls")).toEqual(["fixture-a", "fixture-b"]);
    expect(on("is-the-middle-undecided/later-work")).toEqual(["fixture-a", "fixture-b"]);
    expect(on("is-the-middle-undecided/analogy")).toEqual(["fixture-a", "fixture-b"]);
    expect(facts.shownFirst("invented-training").id).toBe("fixture-nets");
    expect(facts.shownFirst("invented-lens").id).toBe("fixture-a");
  });

  it("knows which sentences were written for another verdict than readers see beside them", () => {
    const misread = [...facts.claims.values()].filter((claim) => claim.misread !== undefined);
    expect(
      misread.map(({ key, misread, first }) => [key.split("/")[1], misread, first.model.id, first.verdict]),
    ).toEqual([
      ["deeper-is-better", "contradicted", "fixture-nets", "supported"],
      ["gentle", "supported", "fixture-a", "contradicted"],
    ]);
  });

  it("judges each model by its own artifacts", () => {
    const models = (key: string) => facts.claims.get(key)!.models.map(({ model, verdict }) => `${model.id}:${verdict}`);
    expect(models("does-the-invented-quantity-fall/it-falls")).toEqual(["fixture-a:supported", "fixture-b:mixed"]);
    expect(models("do-sublayers-write-gently/gentle")).toEqual(["fixture-a:contradicted", "fixture-b:untested"]);
  });

  it("marks a prediction that its artifact did not know as post hoc", () => {
    const postHoc = (key: string) => facts.claims.get(key)!.first.reasons.map((reason) => reason.postHoc);
    expect(postHoc("is-the-middle-undecided/undecided")).toEqual([true]);
    expect(postHoc("does-the-invented-quantity-fall/it-falls")).toEqual([false, false]);
  });

  it("lists the notes of a line in order of citation, and the line under the notes with its sentence", () => {
    const line = facts.lines.get("why-is-everything-invented")!;
    expect(line.notes.map(({ note }) => note.id)).toEqual([
      "does-the-invented-quantity-fall",
      "do-sublayers-write-gently",
      "is-the-middle-undecided",
    ]);
    const back = facts.notes.get("is-the-middle-undecided")!.lines;
    expect(back).toHaveLength(1);
    expect(back[0]!.sentences).toContain("What comes of it nobody knows.");
  });

  it("knows the relation of two notes from both sides", () => {
    const note = facts.notes.get("does-the-invented-quantity-fall")!;
    expect(note.relatedBy.map(({ note: other, relation }) => [other.id, relation])).toEqual([
      ["is-the-middle-undecided", "qualifies"],
    ]);
  });
});

const NOTE = "content/notes/does-the-invented-quantity-fall.mdx";
const LINE = "content/lines/why-is-everything-invented.mdx";

describe("a build stops and names file and field", () => {
  it.each([
    [
      "a claim without a statement",
      NOTE,
      "statement: The invented quantity falls from the first block to the last",
      'statement: ""',
      [NOTE, "claims.0.statement"],
    ],
    [
      "a citation to a note that isn't there",
      LINE,
      '<Cite note="do-sublayers-write-gently" />',
      '<Cite note="no-such-note" />',
      [LINE, "<Cite> in line", 'no note "no-such-note"'],
    ],
    [
      "a claim in the text that isn't there",
      LINE,
      '<Claim of="do-sublayers-write-gently/gentle">',
      '<Claim of="do-sublayers-write-gently/rough">',
      [LINE, "<Claim> in line", "do-sublayers-write-gently/rough"],
    ],
    [
      "a prediction on an unknown experiment",
      NOTE,
      "experiment: invented-lens",
      "experiment: no-such-experiment",
      [NOTE, "predictions.0.experiment", "no-such-experiment"],
    ],
    [
      "a prediction on an unknown estimate",
      NOTE,
      "estimate: kl-end",
      "estimate: kl-mid",
      [NOTE, "predictions.1.estimate", "kl-mid"],
    ],
    [
      "a value that no artifact holds",
      NOTE,
      'of="invented-lens/kl-end"',
      'of="invented-lens/kl-nowhere"',
      [NOTE, "<Value> in line", "kl-nowhere", "kl-start"],
    ],
    [
      "a claim that no one subject can decide",
      NOTE,
      "experiment: invented-lens\n        estimate: kl-end",
      "experiment: invented-training\n        estimate: kl-end",
      [NOTE, "claims.0: invented-lens runs on models, invented-training on families", "Make two claims of it"],
    ],
    [
      "a family whose name is a model's",
      "content/families/fixture-nets.yaml",
      "id: fixture-nets",
      "id: fixture-a",
      ["content/families/fixture-nets.yaml", "id:", 'expected "fixture-nets"'],
    ],
    [
      "a value of an experiment that was not measured",
      NOTE,
      'of="invented-lens/kl-end"',
      'of="invented-plan/x"',
      [NOTE, "npm run measure"],
    ],
    [
      "a source in the text that isn't there",
      NOTE,
      '<Source id="invented-2023-post"',
      '<Source id="nobody-1900"',
      [NOTE, "<Source> in line", "nobody-1900"],
    ],
    [
      "a term that isn't in the glossary",
      NOTE,
      '<Term id="residual-stream">',
      '<Term id="stream">',
      [NOTE, "<Term> in line", "stream"],
    ],
    ["a linked note without a trace", NOTE, "traces: [river, money]", "traces: []", [NOTE, "traces:", LINE]],
    [
      "an artifact that fails its schema",
      "public/artifacts/fixture-a/invented-lens/provenance.json",
      '"seconds": 241',
      '"seconds": -1',
      ["provenance.json", "seconds", "-1"],
    ],
    [
      "an artifact that was edited by hand",
      "public/artifacts/fixture-a/invented-lens/result.json",
      "0.042",
      "0.041",
      ["result.json", "not the file that was measured"],
    ],
    [
      "two default models",
      "content/models/fixture-b.yaml",
      "shape:",
      "default: true\nshape:",
      ["content/models", "default"],
    ],
  ])("%s", (_, file, from, to, parts) => {
    const folder = altered(file, from, to);
    let message = "";
    try {
      readFacts(folder);
    } catch (error) {
      message = (error as Error).message;
    }
    for (const part of parts) expect(message).toContain(part);
  });

  it("a linked note that was never measured", () => {
    const folder = altered(LINE, '<Cite note="is-the-middle-undecided" />', '<Cite note="not-cited-anywhere" />');
    expect(() => readFacts(folder)).toThrow(
      /not-cited-anywhere\.mdx:\d+: claims: cited by .* no prediction of it has a measured estimate/,
    );
  });
});
