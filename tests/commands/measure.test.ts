import { readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkContent } from "../../pipeline/commands/check.ts";
import { measureCommand } from "../../pipeline/commands/measure.ts";
import { measureStale } from "../../pipeline/commands/start.ts";
import { card, LENGTHS, makeVault, modelFree, note, prompts, type Vault } from "../jobs/vault.ts";

let vault: Vault;
let out = "";
let err = "";
beforeEach(() => {
  vault = makeVault();
  out = "";
  err = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vault.remove();
});
const run = (options: Parameters<typeof measureCommand>[1] = {}) => {
  out = "";
  err = "";
  return measureCommand(modelFree(vault.root), options);
};
const sealed = () => ({ ...modelFree(vault.root), open: () => Promise.reject(new Error("no place has the weights")) });

describe("measure", () => {
  it("checks, measures, and then has nothing to do", async () => {
    expect(await run({ check: true })).toBe(1);
    expect(out).toBe("lengths on tiny: not measured yet\n");
    expect(await run({ check: true, json: true })).toBe(1);
    expect(JSON.parse(out)).toEqual([{ experiment: "lengths", model: "tiny", changes: ["not measured yet"] }]);
    expect(await run()).toBe(0);
    expect(out).toMatch(/^lengths on tiny: measured, 1 estimate new or moved \(\d/);
    expect(await run()).toBe(0);
    expect(out).toBe("Nothing to do: 1 artifact fresh.\n");
    expect(await run({ check: true, json: true })).toBe(0);
    expect(out).toBe("[]\n");
    expect(await run({ verify: true })).toBe(0);
    expect(out).toMatch(/agrees within every tolerance/);
    expect(await run({ force: true, json: true })).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ experiment: "lengths", model: "tiny", state: "measured", moved: [] }]);
  });

  it("reports a failure last, with how to run it alone, and has measured the others", async () => {
    vault.write(
      "pipeline/experiments/a-broken.ts",
      LENGTHS.replace('id: "lengths"', 'id: "a-broken"').replace(
        "context.progress",
        'throw new Error("it broke"); context.progress',
      ),
    );
    expect(await run()).toBe(1);
    expect(out).toMatch(/^lengths on tiny: measured/);
    expect(err.trimEnd().split("\n").slice(-4)).toEqual([
      "a-broken on tiny failed.",
      "error: it broke",
      "What it said is in .logs/tiny/a-broken.log.",
      "What stood there before still does. To run it alone: npm run measure -- --model tiny --only a-broken",
    ]);
  });

  it("measures the others when an experiment cannot even be loaded, and says so", async () => {
    vault.write("pipeline/experiments/a-half.ts", "export const experiment = {");
    vault.write(
      "pipeline/experiments/b-other.ts",
      LENGTHS.replace('id: "lengths"', 'id: "b-other"').replace('["words"]', '["gone"]'),
    );
    expect(await run({ check: true })).toBe(1);
    expect(out).toMatch(
      /^lengths on tiny: not measured yet\na-half on any model: cannot be run: .*\nb-other on any model: cannot be run: .*no content\/prompts\/gone\.yaml/s,
    );
    expect(await run()).toBe(1);
    expect(out).toMatch(/^lengths on tiny: measured/);
    expect(err).toContain("a-half cannot be run.\nerror: ");
    expect(await run()).toBe(1);
    expect(await run({ only: ["lengths"] })).toBe(0);
  });

  it("needs no model when nothing is stale; when something is, it says that the rest stays sealed", async () => {
    await run();
    expect(await measureCommand(sealed(), {})).toBe(0);
    vault.write("content/prompts/words.yaml", prompts("a money bank"));
    expect(await measureCommand(sealed(), {})).toBe(1);
    expect(err).toContain("tiny cannot be opened here.\nerror: no place has the weights");
    expect(err).toContain("stays sealed");
  });

  it("refuses bad use", async () => {
    await expect(run({ check: true, force: true })).rejects.toMatchObject({ exitCode: 2 });
    await expect(run({ model: ["big"] })).rejects.toMatchObject({ exitCode: 2 });
    await expect(run({ only: ["big"] })).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe("start", () => {
  it("measures the embedded model, where there is one, and leaves the others as they were committed", async () => {
    vault.write("content/models/own.yaml", `${card("own").replace("default: true", "embedded: true")}`);
    expect(await measureStale(modelFree(vault.root))).toBe(false);
    expect(err).toContain("Measurements: 1 of 1 are stale.\n  lengths on own: not measured yet");
    await measureStale(modelFree(vault.root));
    expect(err).toContain("Measurements: all 1 are fresh.");
    expect(await run({ check: true })).toBe(1);
    expect(out).toBe("lengths on tiny: not measured yet\n");
  });

  it("goes on with the committed measurements where there is no model", async () => {
    await run();
    vault.write("content/models/tiny.yaml", card("tiny").replace("sha256: ab", "sha256: cd"));
    err = "";
    expect(await measureStale(sealed())).toBe(false);
    expect(err).toContain("lengths on tiny: weights/tiny changed");
    expect(err).toContain("Going on with the measurements as they were committed.");
  });
});

describe("check", () => {
  const errors = () => checkContent(vault.root).filter(({ severity }) => severity === "error");

  it("finds a result of which no change tells, and a change that is none", async () => {
    vault.write("content/topics/words.mdx", "---\ntitle: Words\nquestion: What are words?\nabout: Words.\n---\n");
    await run();
    const folder = join(vault.root, "public/artifacts/tiny/changes");
    const [name] = readdirSync(folder);
    renameSync(join(folder, name!), join(folder, "20200101T000000000Z~lengths~00000000.json"));
    expect(errors()).toMatchObject([
      { field: "tiny/changes", message: expect.stringContaining("is not the change that its name and folder say") },
    ]);
    rmSync(folder, { recursive: true });
    expect(errors()).toMatchObject([
      { field: "tiny/lengths", message: expect.stringContaining("--model tiny --only lengths --force") },
    ]);
    await run({ force: true });
    expect(errors()).toEqual([]);
  });

  it("finds a reading that no longer matches, a prediction on what isn't there, and a damaged artifact", async () => {
    vault.write("content/topics/words.mdx", "---\ntitle: Words\nquestion: What are words?\nabout: Words.\n---\n");
    expect(errors().map((p) => p.message)).toEqual([expect.stringContaining('on tiny the verdict is now "untested"')]);
    await run();
    expect(errors()).toEqual([]);
    vault.write("content/notes/how-long-are-words.mdx", note(500));
    expect(errors()).toMatchObject([
      {
        file: "content/notes/how-long-are-words.mdx",
        field: "claims.0.reading (long)",
        message: expect.stringContaining('written for "supported", on tiny the verdict is now "contradicted"'),
      },
    ]);
    vault.write("content/notes/how-long-are-words.mdx", note().replace("estimate: mean-length", "estimate: mean-size"));
    expect(errors()).toMatchObject([
      { field: "claims.0.predictions.0.estimate", message: expect.stringContaining("there are: mean-length") },
    ]);
    const file = "public/artifacts/tiny/lengths/result.json";
    vault.write(file, vault.read(file).replace("16.8333", "17"));
    expect(errors()).toMatchObject([
      { field: "tiny/lengths", message: expect.stringContaining("not the file that was measured") },
    ]);
  });
});
