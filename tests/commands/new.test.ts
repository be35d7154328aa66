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

let vault: Vault;
beforeEach(() => {
  vault = makeVault();
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
