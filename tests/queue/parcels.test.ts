import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { canonicalJson } from "../../pipeline/artifacts/canonical-json.ts";
import type { ShardResult } from "../../pipeline/artifacts/shard-store.ts";
import { type Order, orderOf } from "../../pipeline/jobs/order.ts";
import { makePlan } from "../../pipeline/jobs/plan.ts";
import { unfinishedFolder } from "../../pipeline/jobs/run-shard.ts";
import { type Computed, computeUnit } from "../../pipeline/jobs/unit.ts";
import type { ObjectStore } from "../../pipeline/queue/object-store.ts";
import { openStore } from "../../pipeline/queue/open-store.ts";
import { collect, collectShard, forget, leave, leaveShard, SpoiltError } from "../../pipeline/queue/parcels.ts";
import { forgetLeft, leavingUnfinished, takeUnfinished } from "../../pipeline/queue/unfinished.ts";
import { makeVault, modelFree, type Vault } from "../jobs/vault.ts";

const folder = () => mkdtempSync(join(tmpdir(), "parcels-"));
let vault: Vault;
let at: string;
let store: ObjectStore;
beforeEach(async () => {
  vault = makeVault();
  at = folder();
  store = await openStore(at);
});
afterEach(() => {
  vault.remove();
  rmSync(at, { recursive: true });
});

async function computed(): Promise<{ order: Order; outcome: Extract<Computed, { kind: "experiment" }> }> {
  const plan = await makePlan(vault.root);
  const unit = { job: plan.jobs[0]! };
  const options = { signal: new AbortController().signal, progress: () => {} };
  const outcome = await computeUnit(modelFree(vault.root), plan.prompts, unit, new Map(), options);
  if (outcome.kind !== "experiment") throw new Error("expected an experiment");
  return { order: orderOf(unit), outcome };
}

it("an experiment's outcome comes back as it will be written: result, provenance, the files beside", async () => {
  const { order, outcome } = await computed();
  expect(await collect(store, order)).toBeUndefined();
  await leave(store, order, outcome);
  const back = await collect(store, order);
  if (back?.kind !== "experiment") throw new Error("expected an experiment");
  expect(canonicalJson(back.artifact.result)).toBe(canonicalJson(outcome.artifact.result));
  expect(canonicalJson(back.artifact.provenance)).toBe(canonicalJson(outcome.artifact.provenance));
  expect(String(back.artifact.files!["rows/lengths.txt"])).toBe(outcome.artifact.files!["rows/lengths.txt"]);
  await leave(store, order, outcome);
  expect(await store.list("")).toHaveLength(3);
  await forget(store, order);
  expect(await collect(store, order)).toBeUndefined();
});

it.each(["results/", "blobs/"])(
  "of what was edited in %s the outcome is refused and removed, so that it is made anew",
  async (part) => {
    const { order, outcome } = await computed();
    await leave(store, order, outcome);
    for (const name of await store.list(part)) {
      const text = String(await store.read(name));
      await store.write(name, Buffer.from(text.replace(/\d/, (digit) => String((Number(digit) + 1) % 10))));
    }
    await expect(collect(store, order)).rejects.toThrow(SpoiltError);
    expect(await collect(store, order)).toBeUndefined();
    await leave(store, order, outcome);
    expect((await collect(store, order))?.kind).toBe("experiment");
  },
);

it("a shard is known by its key: one under another's name is refused", async () => {
  const address = { model: "families-here", experiment: "lines", shard: "seed-0" };
  const key = "ab".repeat(32);
  const environment = { node: "v24", runtime: "none", device: "cpu", cpu: "any", threads: 1 };
  const when = { started: "2026-11-22T00:00:00.000Z", seconds: 1 };
  const shard: ShardResult = { schema: 1, ...address, key, inputs: [], environment, ...when, tables: {} };
  await leaveShard(store, shard);
  expect(await collectShard(store, address, key)).toEqual(shard);
  const other = "cd".repeat(32);
  await store.write(`shards/${other}.json.gz`, (await store.read(`shards/${key}.json.gz`))!);
  await expect(collectShard(store, address, other)).rejects.toThrow(/was not what a worker left/);
  expect(await store.list("shards/")).toEqual([`shards/${key}.json.gz`]);
});

it("checkpoints go from one worker to the next, a damaged one and one half written do not", async () => {
  const [first, second] = [folder(), folder()];
  const key = "ef".repeat(32);
  try {
    mkdirSync(unfinishedFolder(first, key), { recursive: true });
    for (const name of ["a.safetensors", "b.safetensors", "c.safetensors.7.part"])
      writeFileSync(join(unfinishedFolder(first, key), name), `checkpoint ${name}`);
    await leavingUnfinished(store, first, key).end();
    const names = await store.list("unfinished/");
    expect(names).toEqual([`unfinished/${key}/a.safetensors`, `unfinished/${key}/b.safetensors`]);
    await store.write(names[0]!, Buffer.concat([(await store.read(names[0]!))!, Buffer.from("!")]));
    expect(await takeUnfinished(store, second, key)).toBe(1);
    expect(await takeUnfinished(store, second, key)).toBe(0);
    await forgetLeft(store, key);
    expect(await store.list("unfinished/")).toEqual([]);
  } finally {
    for (const each of [first, second]) rmSync(each, { recursive: true });
  }
});
