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
    [["source", "--bibtex", "none.bib"], 2, "--bibtex none.bib: cannot be read"],
    [["source", "--bibtex", "bad.bib"], 1, "The reference lacks authors, year, url"],
    [["source", "--doi", "tacl"], 2, "expected a DOI, such as"],
    [["note", "why", "--topic", "wrods"], 2, 'no content/topics/wrods.mdx; did you mean "words"?'],
    [["note", "why", "--doi", "10.1/x"], 2, "make sources, not a note"],
    [["note"], 2, "Give its name, such as: npm run new -- note"],
    [[], 2, "Say what to start: line, note, source, experiment"],
  ])("without a terminal, %j ends with %i and says what to do", async (args, expected, message) => {
    vault.write("bad.bib", "@misc{x, title={Alone}}");
    const { code, stderr } = await soundings(["new", ...args], {}, vault.root);
    expect([code, stderr]).toEqual([expected, expect.stringContaining(message)]);
  });

  it("takes a title, and makes its name of it", async () => {
    const { stdout } = await soundings(["new", "note", "--title", "Why is Gödel long?"], {}, vault.root);
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
