import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readShard, shardFile } from "../../pipeline/artifacts/shard-store.ts";
import { readArtifact } from "../../pipeline/artifacts/store.ts";
import type { LanguageModel } from "../../pipeline/engine/run/language-model.ts";
import { measure, type Outcome } from "../../pipeline/jobs/measure.ts";
import { makePlan } from "../../pipeline/jobs/plan.ts";
import { editPacked, textOf } from "../support/packed.ts";
import { makeVault, modelFree, type Vault } from "./vault.ts";

/** An experiment that trains two lines, each in a shard, and compares where they end. */
const LINES = `
import type { Experiment } from "./experiment.ts";
export const experiment: Experiment<{ seeds: number }> = {
  id: "lines",
  version: 1,
  seed: 7,
  subject: "families",
  parameters: { seeds: 2 },
  inputs: { prompts: [], corpora: [] },
  shards: {
    file: "pipeline/experiments/lines/trial.ts",
    list: ({ seeds }) => Array.from({ length: seeds }, (_, seed) => ({ id: \`seed-\${seed}\`, parameters: { seed } })),
  },
  async run(context, { seeds }) {
    const ends = Array.from({ length: seeds }, (_, seed) => context.shard(\`seed-\${seed}\`).end.rows[0][0] as number);
    const value = ends.reduce((a, b) => a + b) / seeds;
    return { tables: {}, estimates: [{ id: "slope", label: "slope", value, lo: value, hi: value, level: 0.95, n: seeds, per: "seed", unit: "", method: "none", tolerance: 0.001 }] };
  },
};
`;
const TRIAL = `
import type { RunShard } from "../experiment.ts";
import { line, points } from "../../../tests/engine/train/support/line.ts";
export const runShard: RunShard<{ seed: number }> = async (context, { seed }) => {
  const { parameters } = await context.train("line", {
    task: line(),
    batches: points(seed),
    recipe: { seed, steps: 60, learningRate: { shape: "constant", peak: 0.1 } },
  }, (share) => context.progress(share, "training"));
  return { end: { title: "End", columns: [{ name: "slope", type: "number", unit: "", about: "" }], rows: [[parameters.w!.data[0] as number]] } };
};
`;

let vault: Vault;
const address = { model: "families-here", experiment: "lines" };
beforeEach(() => {
  vault = makeVault();
  vault.write("content/families/families-here.yaml", "id: families-here\ntitle: Families\nabout: Trained here.\n");
  vault.write("pipeline/experiments/lines.ts", LINES);
  vault.write("pipeline/experiments/lines/trial.ts", TRIAL);
  for (const shared of ["node_modules", "pipeline/engine", "tests"])
    symlinkSync(join(process.cwd(), shared), join(vault.root, shared));
});
afterEach(() => vault.remove());

async function run(): Promise<Outcome[]> {
  const plan = await makePlan(vault.root, { experiments: ["lines"] });
  const stale = plan.jobs.filter((job) => job.changes.length > 0);
  return measure(modelFree(vault.root), plan, stale, { signal: new AbortController().signal });
}
const staleShards = async () => {
  const plan = await makePlan(vault.root, { experiments: ["lines"] });
  return plan.jobs.flatMap(({ shards }) =>
    shards.filter(({ changes }) => changes.length > 0).map(({ shard, changes }) => [shard, changes.join()]),
  );
};

it("an experiment on families is run for their card and no model's, each shard kept in a file of its own", async () => {
  const plan = await makePlan(vault.root);
  expect(plan.broken).toEqual([]);
  expect(plan.jobs.map(({ model, experiment }) => `${experiment} on ${model}`)).toEqual([
    "lengths on tiny",
    "lines on families-here",
  ]);
  expect((await run()).map(({ state, error }) => error?.message ?? state)).toEqual(["measured"]);
  const kept = readShard(vault.root, { ...address, shard: "seed-1" })!;
  expect(kept.tables.end?.rows).toHaveLength(1);
  // The optimiser reaches a shard through its context alone, and changes it all the same.
  const depends = kept.inputs.map(({ name }) => name);
  for (const file of ["adamw", "step-graph", "schedule", "train"])
    expect(depends).toContain(`pipeline/engine/train/${file}.ts`);
  const { result, provenance } = readArtifact(vault.root, address)!;
  expect(result.estimates[0]?.value).toBeCloseTo(1, 1);
  const shards = ["seed-0", "seed-1"].map((shard) => readShard(vault.root, { ...address, shard })!.seconds);
  expect(provenance.shardSeconds).toBeCloseTo(shards[0]! + shards[1]!, 3);
  expect(provenance.inputs.filter(({ kind }) => kind === "shard").map(({ name }) => name)).toEqual([
    "seed-0",
    "seed-1",
  ]);
  expect(await run()).toEqual([]);
  expect(readdirSync(join(vault.root, ".unfinished"))).toEqual([]);
});

it("a new statistic trains nothing anew; a shard that is gone or was edited is told by name, and no other is stale", async () => {
  await run();
  vault.write("pipeline/experiments/lines.ts", LINES.replace("a + b", "b + a"));
  expect(await staleShards()).toEqual([]);
  const file = (shard: string) => join(vault.root, shardFile({ ...address, shard }));
  rmSync(file("seed-1"));
  expect(await staleShards()).toEqual([["seed-1", "not computed yet"]]);
  editPacked(file("seed-0"), (text) => text.replace('"seconds": ', '"seconds": 1'));
  expect(await staleShards()).toEqual([
    ["seed-0", expect.stringMatching(/seed-0\.json\.gz: not what was computed/)],
    ["seed-1", "not computed yet"],
  ]);
  writeFileSync(file("seed-0"), readFileSync(file("seed-0")).subarray(0, 100));
  expect((await staleShards())[0]?.[1]).toMatch(/seed-0\.json\.gz: not JSON packed by gzip: .*Restore it from git/);
});

it("one that a hand changed is named though what was gathered of it stands, and computed anew only with consent", async () => {
  await run();
  const file = join(vault.root, shardFile({ ...address, shard: "seed-0" }));
  const whole = textOf(file);
  editPacked(file, (text) => text.replace(/"seconds": .*/, '"seconds": 1,'));
  const edited = textOf(file);
  const plan = await makePlan(vault.root, { experiments: ["lines"] });
  expect(plan.jobs[0]).toMatchObject({
    damaged: false,
    changes: [expect.stringMatching(/seed-0\.json\.gz: not what was computed/)],
  });
  const bets = readArtifact(vault.root, address)!.provenance.predictions;
  expect((await run()).map(({ state }) => state)).toEqual(["damaged"]);
  expect(textOf(file)).toBe(edited);
  const signal = new AbortController().signal;
  const [outcome] = await measure(modelFree(vault.root), plan, plan.jobs, { signal, replaceDamaged: true });
  expect(outcome).toMatchObject({ state: "measured", moved: [] });
  expect(readShard(vault.root, { ...address, shard: "seed-0" })?.tables).toEqual(JSON.parse(whole).tables);
  expect(readArtifact(vault.root, address)!.provenance.predictions).toEqual(bets);
});

it("cut off between two shards, it keeps the first and goes on with the second", async () => {
  const stop = new AbortController();
  const plan = await makePlan(vault.root, { experiments: ["lines"] });
  const [outcome] = await measure(modelFree(vault.root), plan, plan.jobs, {
    signal: stop.signal,
    progress: ({ shard }) => shard?.shard === "seed-1" && stop.abort(),
  });
  expect(outcome?.state).toBe("stopped");
  expect(await staleShards()).toEqual([["seed-1", "not computed yet"]]);
  expect((await run())[0]?.state).toBe("measured");
});

it("a shard is handed its model with random weights, which are released when it is done and when it fails", async () => {
  vault.write(
    "pipeline/experiments/dice.ts",
    LINES.replace('"lines"', '"dice"').replace('"families"', '"model"').replace("lines/trial", "dice/trial"),
  );
  vault.write(
    "pipeline/experiments/dice/trial.ts",
    `export const runShard = async (context, { seed }) => {
  const { id } = await context.randomWeights("permuted", seed);
  if (seed === 1) throw new Error(\`no use of \${id}\`);
  return { end: { title: "End", columns: [{ name: "id", type: "string", unit: "", about: "" }], rows: [[id]] } };
};`,
  );
  const log: string[] = [];
  const place = modelFree(vault.root);
  const randomWeights = async (kind: string, seed: number) => {
    log.push(`make ${kind} ${seed}`);
    return { id: `${kind} ${seed}`, release: async () => void log.push(`release ${seed}`) } as unknown as LanguageModel;
  };
  const plan = await makePlan(vault.root, { experiments: ["dice"] });
  const [outcome] = await measure(
    { ...place, open: async (...of) => ({ ...(await place.open(...of)), randomWeights }) },
    plan,
    plan.jobs,
    { signal: new AbortController().signal },
  );
  expect(outcome?.error?.message).toContain("no use of permuted 1");
  expect(log).toEqual(["make permuted 0", "release 0", "make permuted 1", "release 1"]);
  const kept = readShard(vault.root, { model: "tiny", experiment: "dice", shard: "seed-0" });
  expect(kept?.tables.end?.rows).toEqual([["permuted 0"]]);
});
