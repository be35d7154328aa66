import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkContent } from "../../pipeline/commands/check.ts";
import { soundings } from "../support/cli.ts";

const LINE = "content/lines/why-is-everything-invented.mdx";
const NOTE = "content/notes/do-sublayers-write-gently.mdx";
const LAST = "Nothing here is real.";

let root: string;
const read = (path: string) => readFileSync(join(root, path), "utf8");
const write = (path: string, text: string) => writeFileSync(join(root, path), text);
const change = (path: string, from: string, to: string) => {
  expect(read(path)).toContain(from);
  write(path, read(path).replace(from, to));
};

/** The fixture's vault, mended until nothing is to be found in it. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "check-"));
  cpSync("tests/fixtures/vault", root, { recursive: true });
  mkdirSync(join(root, "pipeline/experiments"), { recursive: true });
  for (const id of ["invented-lens", "invented-writes", "invented-training"])
    write(`pipeline/experiments/${id}.ts`, "");
  // Written by hand: no change tells of them.
  for (const experiment of ["traces", "unit-polysemanticity"])
    rmSync(join(root, "public/artifacts/fixture-a", experiment), { recursive: true });
  change("content/notes/do-invented-networks-gain-by-depth.mdx", "reading: contradicted", "reading: supported");
  change(NOTE, "reading: supported", "reading: contradicted");
  write(
    "content/sources/invented-2025-talk.mdx",
    read("content/sources/invented-2020-paper.mdx").replace(/^aliases.*\n/m, ""),
  );
  change(
    NOTE,
    LAST,
    `${LAST} A <Term id="block">block</Term>, a <Term id="zero-start" />, see [the rest](/notes/not-cited-anywhere/).`,
  );
  change(
    NOTE,
    "traces: [river, money]",
    "related: [{ note: do-invented-networks-gain-by-depth, relation: supports, why: So. }]\ntraces: [river, money]",
  );
  change(
    NOTE,
    "{ source: invented-2020-paper,",
    "{ source: invented-2025-talk, locator: all, check: states, remark: So. }\n      - { source: invented-2020-paper,",
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Findings as they are printed in an editor's list. */
const found = () =>
  checkContent(root).map(
    ({ file, line, field, message, severity }) => `${severity} ${file}:${line} ${field}: ${message}`,
  );
const lineOf = (path: string, text: string) => read(path).slice(0, read(path).indexOf(text)).split("\n").length;

describe("check", () => {
  it("finds nothing in a vault that is whole, nor in the wiki itself", () => {
    expect(found()).toEqual([]);
    expect(checkContent(process.cwd())).toEqual([]);
  });

  it.each<[string, string, string]>([
    [
      '<Cite note="not-cited-anywheer" />',
      "<Cite>",
      'there is no note "not-cited-anywheer"; did you mean "not-cited-anywhere"?',
    ],
    ['<Claim of="gentel">x</Claim>', "<Claim>", 'there is no claim "do-sublayers-write-gently/gentel"; did you mean'],
    [
      '<Source id="invented-2021-paper" />',
      "<Source>",
      'there is no source "invented-2021-paper"; did you mean "invented-2020-paper"?',
    ],
    ['<Source at="§ 3" />', "<Source>", 'expected the attribute id="…", found none'],
    ['<Term id="blokc">x</Term>', "<Term>", 'there is no glossary entry "blokc"; did you mean "block"?'],
    ['<Value of="invented-lens/kl-and" />', "<Value>", "invented-lens on fixture-a has no estimate"],
    ['<Value of="invented-lense/kl-end" />', "<Value>", 'there is no measurement of "invented-lense"'],
    ['<Cites note="x" />', "<Cites>", "there is no such component; there are Claim, Cite,"],
    [
      "[x](/notes/do-sublayers-write-gentle/)",
      "the link",
      "there is no page /notes/do-sublayers-write-gentle/; did you mean",
    ],
    [
      "[x](../not-cited-anywher/)",
      "the link",
      'there is no page /notes/not-cited-anywher/; did you mean "/notes/not-cited-anywhere/"?',
    ],
    ["[x](/notes/not-cited-anywhere)", "the link", "lacks the final /: write /notes/not-cited-anywhere/"],
    [
      "[x](/notes/not-cited-anywhere/#waitign)",
      "the link",
      '/notes/not-cited-anywhere/ has no part "waitign"; did you mean "waiting"?',
    ],
    ["[x](#gentel)", "the link", 'has no part "gentel"; did you mean "gentle"?'],
    ['<a href="/glossary/#blokc">x</a>', "the link", '/glossary/ has no part "blokc"; did you mean "block"?'],
    ["[x](/notes/are-writes-small/)", "the link", "that page is now /notes/do-sublayers-write-gently/: link it there"],
    ["[x](/experiments/invented-lents/)", "the link", "there is no page /experiments/invented-lents/"],
  ])("finds %s in a text, where it stands", (text, field, message) => {
    change(NOTE, LAST, `${LAST} ${text}`);
    const all = found();
    expect(all).toHaveLength(1);
    expect(all[0]).toContain(`error ${NOTE}:${lineOf(NOTE, LAST)} ${field}`);
    expect(all[0]).toContain(message);
  });

  it.each<[string, string]>([
    [
      '<SoundingLog experiment="invented-lents" />',
      'there is no experiment "invented-lents"; did you mean "invented-lens"?',
    ],
    [
      '<Figure experiment="invented-lens" quantities={["kl", "entropie"]} />',
      'has no quantity "entropie" to draw; it has: kl, entropy, rank',
    ],
    ['<TraceStrip id="rivre" />', 'there is no trace prompt "rivre"; did you mean "river"?'],
    ["A <3 b.", "A < or { that is meant as text is written"],
    ["A {b.", "A < or { that is meant as text is written"],
  ])("finds %s of a text", (text, message) => {
    write(NOTE, `${read(NOTE)}\n${text}\n`);
    const all = found();
    expect(all).toHaveLength(1);
    expect(all[0]).toContain(`error ${NOTE}:${lineOf(NOTE, text)} `);
    expect(all[0]).toContain(message);
  });

  it.each<[string, string, string, string, string]>([
    [
      "a source",
      NOTE,
      "source: invented-2020-paper",
      "source: invented-2020-papre",
      "claims.0.sources.1.source: there is no source",
    ],
    [
      "a trace",
      NOTE,
      "traces: [river,",
      "traces: [rivre,",
      'traces.0: there is no trace prompt "rivre" (nearest: "river")',
    ],
    [
      "an estimate",
      NOTE,
      "estimate: write-size",
      "estimate: write-sise",
      'claims.0.predictions.0.estimate: "write-sise" is not an estimate',
    ],
    [
      "a planned experiment",
      LINE,
      "experiment: invented-plan",
      "experiment: invented-plna",
      "change.0.experiment: there is no experiment",
    ],
    [
      "a claim of the ledger",
      LINE,
      "do-sublayers-write-gently/gentle,",
      "do-sublayers-write-gently/gentel,",
      "claims.2: there is no claim",
    ],
    [
      "a reading",
      NOTE,
      "reading: contradicted",
      "reading: supported",
      'claims.0.reading (gentle): the text was written for "supported"',
    ],
  ])("finds %s of a frontmatter that isn't there, or isn't so", (_, file, from, to, message) => {
    change(file, from, to);
    const all = found();
    expect(all).toHaveLength(1);
    expect(all[0]).toContain(`error ${file}:${lineOf(file, to)} `);
    expect(all[0]).toContain(message);
  });

  it.each<[string, string, string, string, string]>([
    [
      "a source that nothing cites",
      NOTE,
      "{ source: invented-2025-talk, locator: all, check: states, remark: So. }\n      - ",
      "",
      "warning content/sources/invented-2025-talk.mdx:2 title: nothing cites it.",
    ],
    [
      "a note that nothing leads to",
      NOTE,
      "[the rest](/notes/not-cited-anywhere/)",
      "the rest",
      "warning content/notes/not-cited-anywhere.mdx:2 title: no line and no other note leads here.",
    ],
    [
      "a term that no text uses",
      NOTE,
      '<Term id="zero-start" />',
      "zero start",
      "warning content/glossary/zero-start.mdx:2 title: no text uses it.",
    ],
  ])("warns of %s", (_, file, from, to, message) => {
    change(file, from, to);
    expect(found()).toEqual([expect.stringContaining(message)]);
  });

  it("does not take what a page says of itself for a use", () => {
    change(
      "content/notes/not-cited-anywhere.mdx",
      "Nothing to say yet",
      'As <Claim of="waiting">said</Claim> <Cite note="not-cited-anywhere" />',
    );
    change(NOTE, "[the rest](/notes/not-cited-anywhere/)", "the rest");
    expect(found()).toEqual([expect.stringContaining("content/notes/not-cited-anywhere.mdx:2 title: no line")]);
  });

  it("says that splits of pairs leak, in the line of the task", () => {
    const item = (id: string, split: string, i: number) =>
      `      - { id: ${id}, split: ${split}, template: t-${split}, group: g-${id}, text: "${split[0]}${i} {} then {other} so", cues: [q${split[0]}${i}, r${split[0]}${i}], answers: [" red", " tan"] }`;
    const items = Array.from({ length: 104 }, (_, i) => item(`i${i}`, i < 52 ? "choosing" : "held-out", i));
    const head =
      "kind: pairs\ntitle: P\nabout: a\nmade: m\ntasks:\n  - id: first\n    title: T\n    about: a\n    closed: true\n    items:\n";
    write("content/prompts/pairs.yaml", `${head}${items.join("\n")}\n`);
    expect(found()).toEqual([]);
    write("content/prompts/pairs.yaml", `${head}${items.join("\n").replaceAll("t-held-out", "t-choosing")}\n`);
    expect(found()).toEqual([
      expect.stringMatching(
        /^error content\/prompts\/pairs\.yaml:6 tasks\.0 \(first\): the template "t-choosing" stands in both splits/,
      ),
    ]);
  });

  it("ends with 1 for errors and with 0 for warnings alone", async () => {
    change(NOTE, '<Term id="zero-start" />', "zero start");
    const warned = await soundings(["check"], {}, root);
    expect([warned.code, warned.stdout]).toEqual([
      0,
      expect.stringMatching(/^content\/glossary\/zero-start\.mdx:2: warning: title: no text uses it/),
    ]);
    change(NOTE, 'Term id="block"', 'Term id="blokc"');
    const failed = await soundings(["check", "--json"], {}, root);
    expect([failed.code, JSON.parse(failed.stdout)]).toEqual([
      1,
      [expect.objectContaining({ severity: "error", file: NOTE, line: lineOf(NOTE, LAST) })],
    ]);
  });
});
