import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Queue } from "bullmq";
import { afterAll, beforeAll, expect, it } from "vitest";
import { listArtifacts } from "../../pipeline/artifacts/store.ts";
import { makePlan } from "../../pipeline/jobs/plan.ts";
import { type Progress, queueName } from "../../pipeline/queue/board.ts";
import { PREFIX } from "../../pipeline/queue/connection.ts";
import { versionOf } from "../../pipeline/queue/version.ts";
import type { Vault } from "../jobs/vault.ts";
import { textOf } from "../support/packed.ts";
import { clusterVault, FILES, POISON, RESIDUALS, TINY, TRIALS } from "./support/cluster-vault.ts";
import { endAll, isThere, type Running, start, until } from "./support/processes.ts";
import { KEYS, redisServer, type Server, storeServer } from "./support/servers.ts";

/** Orders: the shards, the experiment that gathers them, those on the model, and the poisonous. */
const DONE = TRIALS + 1 + RESIDUALS.length + 1;

const folder = mkdtempSync(join(tmpdir(), "cluster-"));
const vaults: Vault[] = [];
let redis: Server;
let store: Server;
let where: [queue: string, store: string];
beforeAll(async () => {
  [redis, store] = await Promise.all([redisServer(join(folder, "redis")), storeServer(join(folder, "s3"))]);
  mkdirSync(join(folder, "s3/data/soundings"));
  where = [`redis://127.0.0.1:${redis.port}`, `s3://soundings/lab?endpoint=http://127.0.0.1:${store.port}`];
});
afterAll(async () => {
  endAll();
  await Promise.all([redis?.stop(), store?.stop()]);
  for (const vault of vaults) vault.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** A machine of its own: a checkout, and a folder for models, which only the first one has anything in. */
function machine(hasWeights = false, { poison = true } = {}) {
  const vault = clusterVault({ poison });
  const models = join(vault.root, ".models");
  vaults.push(vault);
  mkdirSync(join(models, "tiny"), { recursive: true });
  if (hasWeights) for (const name of FILES) copyFileSync(join(TINY, name), join(models, "tiny", name));
  const environment = { ...KEYS, SOUNDINGS_MODELS: models };
  const run = (script: string, args: readonly string[]) =>
    start(join(import.meta.dirname, "support", script), [vault.root, ...args], environment);
  return {
    vault,
    worker: () => run("cluster-worker.ts", where),
    measure: (args: readonly string[] = where) => run("cluster-measure.ts", args),
  };
}

/** What was measured, and every shard, without what is recorded of when and where. */
function contents({ root }: Vault): Record<string, string> {
  const files = ["public/artifacts", "public/shards"].flatMap((part) =>
    readdirSync(join(root, part), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.endsWith("changes"))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return Object.fromEntries(
    files.map((file) => {
      const text = textOf(file);
      const when = /^ *"(seconds|started|sha256|peakMiB|threads)": .*\n/gm;
      return [file.slice(root.length), /provenance|shards/.test(file) ? text.replace(when, "") : text];
    }),
  );
}

it("four workers, two killed, the queue's and the store's server started again: all is there, byte for byte as on one machine", {
  timeout: 900_000,
}, async () => {
  const alone = machine(true, { poison: false });
  const reference = alone.measure([]);
  expect(await reference.ended, reference.said()).toBe(0);
  const expected = contents(alone.vault);

  const own = machine(true);
  const plan = await makePlan(own.vault.root);
  const version = versionOf(plan);
  const queue = new Queue(queueName(version), { connection: { host: "127.0.0.1", port: redis.port }, prefix: PREFIX });
  queue.on("error", () => undefined);
  try {
    const stranger = machine();
    const text = stranger.vault.read("pipeline/experiments/lines/trial.ts");
    stranger.vault.write("pipeline/experiments/lines/trial.ts", text.replace("peak: 0.1", "peak: 0.2"));
    const workers = Array.from({ length: 4 }, () => machine().worker());
    const other = stranger.worker();
    await Promise.all(
      [...workers, other].map((each) => until("it takes work", () => each.said().includes("Takes units"), each)),
    );

    const measure = own.measure();
    const done = () => workers.reduce((sum, { said }) => sum + (said().match(/: done in/g)?.length ?? 0), 0);
    /** Kills a worker amid a unit, chosen by chance; whoever has one that has come some way. */
    const killOne = async () => {
      const killed: Running[] = [];
      await until(
        "a worker is amid a unit",
        async () => {
          const amid = (await queue.getActive().catch(() => []))
            .map(({ progress }) => progress as unknown as Progress)
            .filter((progress) => progress?.share > 0.2 && progress.share < 0.8)
            .flatMap(({ worker }) => workers.filter(({ pid }) => worker.endsWith(`:${pid}`) && isThere({ pid })));
          const one = amid[Math.floor(Math.random() * amid.length)];
          if (one) killed.push(one);
          return one !== undefined;
        },
        measure,
      );
      killed[0]!.kill("SIGKILL");
      await killed[0]!.ended;
      return killed[0]!;
    };
    const first = await killOne();
    await until("something is done", () => done() > 0, measure);
    await redis.restart("SIGTERM");
    const second = await killOne();
    await until("more is done", () => done() > 2, measure);
    await store.restart("SIGKILL");
    const code = await measure.ended;

    const all = [...workers, other].map(({ said }) => said()).join("\n----\n");
    expect(code, `${measure.said()}\n----\n${all}`).toBe(1);
    expect(first.pid).not.toBe(second.pid);
    expect(contents(own.vault)).toEqual(expected);
    expect(
      listArtifacts(own.vault.root)
        .map(({ experiment }) => experiment)
        .sort(),
    ).toEqual(["first", "lengths", "lines", "second", "third"]);

    // What cannot be done is told last, with its error and how to run it alone, and lies in the queue for whoever looks.
    const said = measure.said();
    expect(said).toMatch(
      /breaks on tiny failed\.\nerror: nothing can be made of this \(set aside in the queue after 3 tries\)/,
    );
    expect(said).toMatch(
      /crashes on tiny failed\.\nerror: The process that computed it ended amid the work \(SIGSEGV\)/,
    );
    for (const id of POISON) expect(said).toContain(`npm run measure -- --model tiny --only ${id}`);
    const failed = await queue.getFailed();
    expect(failed.map(({ name }) => name).sort()).toEqual(["breaks on tiny", "crashes on tiny"]);
    expect(failed.map(({ attemptsMade }) => attemptsMade)).toEqual([3, 3]);
    expect(await queue.getJobCounts("wait", "active", "delayed", "completed")).toEqual({
      wait: 0,
      active: 0,
      delayed: 0,
      completed: 0,
    });

    expect(other.said()).toMatch(
      /units? of version [0-9a-f]{12} waits? for another worker: other than in this checkout are code\/pipeline\/experiments\/lines\/trial\.ts/,
    );
    expect(other.said()).not.toContain("begun");
    expect(all).toContain("model.safetensors came from the store");
    expect(done()).toBeGreaterThanOrEqual(DONE - 2);

    // Told to stop, those that are left end by themselves; of those that were killed nothing is left either.
    const left = [...workers, other].filter((each) => each !== first && each !== second);
    for (const each of left) each.kill("SIGTERM");
    expect(await Promise.all(left.map(({ ended }) => ended))).toEqual([0, 0, 0]);
    for (const each of [...workers, other]) await until("its processes are gone", () => !isThere(each));
  } finally {
    await queue.close();
  }
});

it("a worker that is told to stop amid a shard gives it back, and the next one goes on where it was", {
  timeout: 900_000,
}, async () => {
  const own = machine(true, { poison: false });
  own.vault.write(
    "pipeline/experiments/lines.ts",
    own.vault.read("pipeline/experiments/lines.ts").replace("seed: 7", "seed: 8"),
  );
  const [before, after] = [0, 1].map(() => machine(false, { poison: false })) as [
    ReturnType<typeof machine>,
    ReturnType<typeof machine>,
  ];
  for (const { vault } of [before, after])
    vault.write("pipeline/experiments/lines.ts", own.vault.read("pipeline/experiments/lines.ts"));
  for (const { vault } of [own, before, after])
    vault.write(
      "pipeline/experiments/lines/trial.ts",
      vault.read("pipeline/experiments/lines/trial.ts").replace("peak: 0.1", "peak: 0.3"),
    );
  const measure = own.measure();
  const first = before.worker();
  await until(
    "a shard is begun and a checkpoint left",
    () =>
      readdirSync(join(folder, "s3/data/soundings"), { recursive: true }).some((name) =>
        /unfinished.*part-\d/.test(String(name)),
      ),
    measure,
  );
  first.kill("SIGTERM");
  expect(await first.ended, first.said()).toBe(0);
  expect(first.said()).toMatch(/lines on families-here, seed-\d: given back/);
  const second = after.worker();
  expect(await measure.ended, `${measure.said()}\n${second.said()}`).toBe(0);
  expect(second.said()).toMatch(/goes on from \d+ checkpoints? of another worker/);
  second.kill("SIGTERM");
  await second.ended;
});
