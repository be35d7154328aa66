import { copyFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readVault } from "../../pipeline/artifacts/content-files.ts";
import { readArtifact } from "../../pipeline/artifacts/store.ts";
import { makeNew } from "../../pipeline/commands/new.ts";
import { measure } from "../../pipeline/jobs/measure.ts";
import { makePlan } from "../../pipeline/jobs/plan.ts";
import { workplaceAt } from "../../pipeline/jobs/workplace.ts";
import { makeVault, type Vault } from "../jobs/vault.ts";
import { soundings } from "../support/cli.ts";
import { type Answer, onTerminal } from "../support/terminal.ts";

const [ENTER, SPACE, DOWN, CTRL_C] = ["\r", " ", "\u001b[B", "\u0003"];

let vault: Vault;
beforeEach(() => {
  vault = makeVault();
  vault.write("content/topics/words.mdx", "---\ntitle: Words\nquestion: Which?\nabout: Words.\n---\n");
});
afterEach(() => vault.remove());

describe("new", () => {
  it("writes files that their schemas take, and that refer to what there is", () => {
    expect(makeNew(vault.root, "note", "why-so")).toEqual(["content/notes/why-so.mdx"]);
    expect(makeNew(vault.root, "source", "who-2026-what")).toEqual(["content/sources/who-2026-what.mdx"]);
    expect(makeNew(vault.root, "line", "how-come")).toEqual(["content/lines/how-come.mdx"]);
    expect(makeNew(vault.root, "experiment", "norms")).toEqual([
      "content/experiments/norms.mdx",
      "pipeline/experiments/norms.ts",
      "tests/experiments/norms.test.ts",
    ]);
    const { notes, lines, sources, experiments } = readVault(vault.root);
    expect([notes.length, lines.length, sources.length, experiments.length]).toEqual([2, 1, 1, 2]);
    expect(lines[0]?.data.claims).toEqual(["how-long-are-words/long"]);
    expect(notes.find(({ id }) => id === "why-so")?.data.title).toBe("Why so?");
    expect(notes.find(({ id }) => id === "why-so")?.data.claims[0]?.planned?.experiment).toBe("lengths");
  });

  it("makes a source of each entry of a BibTeX text, with what the text says", async () => {
    const bibtex = `@string{jml = {Journal of Words}}
@article{a, title={The {Length} of {W}ords}, author={G{\\"o}del, Kurt and de Roe, Jane}, year={2024}, journal=jml, doi={10.1234/abc}}
@misc{b, title={Letters, again}, author={Ada Example}, year={2023}, eprint={2301.01234}, archivePrefix={arXiv}}`;
    vault.write("texts.bib", bibtex);
    const { code, stdout } = await soundings(
      ["new", "source", "--bibtex", "texts.bib", "--topic", "words"],
      {},
      vault.root,
    );
    expect([code, stdout]).toEqual([
      0,
      "content/sources/godel-2024-length.mdx\ncontent/sources/example-2023-letters.mdx\n",
    ]);
    const [letters, length] = readVault(vault.root).sources.map(({ data }) => data);
    expect(length).toMatchObject({
      title: "The Length of Words",
      authors: ["Kurt Gödel", "Jane de Roe"],
      year: 2024,
      venue: "Journal of Words",
      kind: "article",
      url: "https://doi.org/10.1234/abc",
      doi: "10.1234/abc",
      topics: ["words"],
    });
    expect(letters).toMatchObject({ kind: "preprint", arxiv: "2301.01234", url: "https://arxiv.org/abs/2301.01234" });
  });

  it.each([
    [["source", "--bibtex", "none.bib", "--topic", "words"], 2, "--bibtex none.bib: cannot be read"],
    [["source", "--bibtex", "bad.bib", "--topic", "words"], 1, "The reference lacks authors, year, url"],
    [["source", "--doi", "tacl", "--topic", "words"], 2, "expected a DOI, such as"],
    [["note", "why", "--topic", "wrods"], 2, 'no content/topics/wrods.mdx; did you mean "words"?'],
    [["note", "why", "--doi", "10.1/x"], 2, "make sources, not a note"],
    [["note"], 2, "To start a note, say also a name or --title, and --topic (there are: words)."],
    [["note", "why"], 2, "To start a note, say also --topic (there are: words)."],
    [["line", "--topic", "words"], 2, "To start a line, say also a name or --title."],
    [["source", "--topic", "words"], 2, "say also a name, --title, --bibtex, --doi or --arxiv."],
    [["source", "--bibtex", "bad.bib"], 2, "To start a source, say also --topic"],
    [["experiment"], 2, "To start an experiment, say also a name or --title."],
    [[], 2, "Say what to start: line, note, source, experiment"],
  ])("without a terminal, %j ends with %i and says what to do", async (args, expected, message) => {
    vault.write("bad.bib", "@misc{x, title={Alone}}");
    const { code, stderr } = await soundings(["new", ...args], {}, vault.root);
    expect([code, stderr]).toEqual([expected, expect.stringContaining(message)]);
  });

  it("asks on a terminal for everything, where nothing is told", async () => {
    const shown = await onTerminal(["new"], vault.root, [
      ["What is to be started?", DOWN + ENTER],
      ["Its question?", `Why is Gödel long?${ENTER}`],
      ["Its name in addresses?", ENTER],
      ["Its topics?", SPACE + ENTER],
    ]);
    expect(shown).toContain("content/notes/why-is-godel-long.mdx\n");
    const note = readVault(vault.root).notes.find(({ id }) => id === "why-is-godel-long");
    expect(note?.data).toMatchObject({ title: "Why is Gödel long?", topics: ["words"] });
  });

  it.each<[readonly string[], readonly Answer[], string, object]>([
    [
      ["note", "why-so"],
      [
        ["Its question?", ENTER],
        ["Its topics?", SPACE + ENTER],
      ],
      "why-so",
      { title: "Why so?" },
    ],
    [["note", "why-so", "--topic", "words"], [["Its question?", ENTER]], "why-so", { topics: ["words"] }],
    [
      ["note", "--title", "Why so?"],
      [
        ["Its name in addresses?", ENTER],
        ["Its topics?", SPACE + ENTER],
      ],
      "why-so",
      { topics: ["words"] },
    ],
    [["note", "why-so", "--title", "Why?"], [["Its topics?", SPACE + ENTER]], "why-so", { title: "Why?" }],
  ])("asks, told %j, for what is missing and no more", async (args, answers, id, expected) => {
    const shown = await onTerminal(["new", ...args], vault.root, answers);
    expect(shown.match(/Its \w+/g)?.filter((asked, at, all) => all.indexOf(asked) === at)).toEqual(
      answers.map(([asks]) => asks.replace(/^(Its \w+).*/, "$1")),
    );
    expect(readVault(vault.root).notes.find((note) => note.id === id)?.data).toMatchObject(expected);
  });

  it("asks for the topics of a source that is made from a text", async () => {
    vault.write("texts.bib", "@misc{b, title={Letters}, author={Ada Example}, year={2023}, eprint={2301.01234}}");
    await onTerminal(["new", "source", "--bibtex", "texts.bib"], vault.root, [["Its topics?", SPACE + ENTER]]);
    expect(readVault(vault.root).sources[0]).toMatchObject({ id: "example-2023-letters", data: { topics: ["words"] } });
  });

  it("refuses what cannot be meant before it asks, and writes nothing when it is left", async () => {
    expect(await onTerminal(["new", "note", "why", "--topic", "wrods"], vault.root, [])).toContain(
      'did you mean "words"?',
    );
    const left = await onTerminal(["new", "note", "why"], vault.root, [["Its question?", CTRL_C]]);
    expect(left).toContain("Stopped: nothing was written.");
    expect(() => vault.read("content/notes/why.mdx")).toThrow("ENOENT");
  });

  it("takes a title, and makes its name of it", async () => {
    const { stdout } = await soundings(
      ["new", "note", "--title", "Why is Gödel long?", "--topic", "words"],
      {},
      vault.root,
    );
    expect(stdout).toBe("content/notes/why-is-godel-long.mdx\n");
    expect(vault.read("content/notes/why-is-godel-long.mdx")).toContain("title: Why is Gödel long?");
  });

  it("never writes over anything, and writes nothing when one of its files is there", () => {
    vault.write("tests/experiments/norms.test.ts", "mine");
    expect(() => makeNew(vault.root, "experiment", "norms")).toThrow(
      "tests/experiments/norms.test.ts is there already",
    );
    expect(vault.read("tests/experiments/norms.test.ts")).toBe("mine");
    expect(() => vault.read("content/experiments/norms.mdx")).toThrow("ENOENT");
    expect(() => makeNew(vault.root, "note", "how-long-are-words")).toThrow("is there already");
  });

  it.each(["Why so?", "../x", "a--b", ""])("refuses the name %j, and proposes one", (slug) => {
    expect(() => makeNew(vault.root, "note", slug)).toThrow(/such as "[a-z0-9-]+"/);
  });

  it("starts an experiment that runs as it stands, on the real model", async () => {
    const [project, card] = [process.cwd(), "content/models/smollm2-135m.yaml"];
    rmSync(join(vault.root, "pipeline/experiments/lengths.ts"));
    rmSync(join(vault.root, "content/models/tiny.yaml"));
    copyFileSync(join(project, card), join(vault.root, card));
    for (const folder of ["pipeline/engine", "pipeline/statistics", "node_modules"])
      symlinkSync(join(project, folder), join(vault.root, folder));
    makeNew(vault.root, "experiment", "norms");
    const plan = await makePlan(vault.root);
    const [outcome] = await measure(
      workplaceAt(vault.root, () => ({ end: () => undefined })),
      plan,
      plan.jobs,
      { signal: new AbortController().signal },
    );
    expect(outcome).toMatchObject({ experiment: "norms", model: "smollm2-135m", state: "measured" });
    const [estimate] = readArtifact(vault.root, { model: "smollm2-135m", experiment: "norms" })!.result.estimates;
    expect(estimate).toMatchObject({ id: "mean-norm", n: 4 });
    expect(estimate!.lo).toBeGreaterThan(1);
    expect(estimate!.lo).toBeLessThan(estimate!.hi);
  });
});
