import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readChanges } from "../../pipeline/artifacts/history-store.ts";
import { readShard, shardFile } from "../../pipeline/artifacts/shard-store.ts";
import { CHANGES, listArtifacts, readArtifact } from "../../pipeline/artifacts/store.ts";
import { makeVault, type Vault } from "../jobs/vault.ts";
import { textOf } from "../support/packed.ts";
import { NAMES, setState } from "./support/experiments.ts";

const KILLS = 50;
const support = join(import.meta.dirname, "support");
const made: Vault[] = [];
const newVault = () => {
  const vault = makeVault();
  rmSync(join(vault.root, "pipeline/experiments/lengths.ts"));
  made.push(vault);
  return vault;
};
let vault: Vault;
beforeEach(() => {
  vault = newVault();
});
afterEach(() => {
  for (const each of made.splice(0)) each.remove();
});

/** Runs `measure --jobs 2`; sends a signal when its first artifact is done. */
async function measure({ root }: Vault, signal?: NodeJS.Signals) {
  const child = spawn(process.execPath, [join(support, "measure-vault.ts"), root], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data: Buffer) => {
    out += data;
    if (signal) child.kill(signal);
  });
  child.stderr.on("data", (data: Buffer) => {
    err += data;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out, err };
}

/** When to kill: after so many of the things that happen to a unit, and so many milliseconds more; the process, or all of its group at once. */
interface Kill {
  /** Times the units that there are to compute. */
  readonly after: number;
  readonly wait: number;
  readonly group: boolean;
}

/** Measures what is stale. Tells how often something happened, and how long it took on the average, in milliseconds. */
async function measureTold({ root }: Vault, jobs: number, kill?: Kill) {
  const begun = performance.now();
  const child = spawn(process.execPath, [join(support, "measure-events.ts"), root, String(jobs)], {
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: killed with it, its processes have no moment to notice.
    detached: true,
  });
  let out = "";
  let err = "";
  let dying = false;
  const end = () => process.kill(kill?.group ? -child.pid! : child.pid!, "SIGKILL");
  child.stdout.on("data", (data: Buffer) => {
    out += data;
    const { units, events } = told(out);
    if (!kill || dying || events < kill.after * units) return;
    dying = true;
    setTimeout(() => child.exitCode === null && end(), kill.wait);
  });
  child.stderr.on("data", (data: Buffer) => {
    err += data;
  });
  const [code] = (await once(child, "exit")) as [number | null];
  const { units, events } = told(out);
  return { code, err, perUnit: events / units, gap: (performance.now() - begun) / events };
}

/** What a run has told so far: how many units there are, and how often something happened. */
function told(out: string): { units: number; events: number } {
  const [units, ...events] = out.split("\n").slice(0, -1);
  return { units: Number(units), events: events.length };
}

/**
 * What is wrong with an artifact's history: each change must begin where the one before it ended, and the last must end
 * with what stands. A change that a kill lost leaves a gap, one told twice a step from nowhere.
 */
function brokenHistory({ root }: Vault): string[] {
  const changes = readChanges(root).reverse();
  return listArtifacts(root).flatMap((address) => {
    const own = changes.filter((change) => change.experiment === address.experiment);
    const broken = own.flatMap(({ before }, i) => {
      const last = own[i - 1]?.after ?? null;
      return isDeepStrictEqual(before, last) ? [] : [`${address.experiment} at its change ${i}`];
    });
    const stands = readArtifact(root, address)?.provenance.files["result.json"];
    return own.at(-1)?.after.result === stands ? broken : [...broken, `${address.experiment} as it stands`];
  });
}

/**
 * Every file of every artifact and shard, but for its history, which is another after each kill; of provenance and shards,
 * all but when they were computed, for how long, and in how much memory, and the seal on that.
 */
function contents({ root }: Vault): Record<string, string> {
  const names = ["public/artifacts", "public/shards"]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && basename(entry.parentPath) !== CHANGES)
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    names.sort().map((name) => {
      const text = textOf(name);
      const isSealed = name.endsWith("provenance.json") || name.includes("public/shards");
      return [
        name.slice(root.length + 1),
        isSealed ? text.replace(/"(seconds|started|sha256|peakMiB)": .*/g, "") : text,
      ];
    }),
  );
}

const artifactsOf = (files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).filter(([name]) => name.startsWith("public/artifacts")));

/** Which of two states each artifact and shard that stands is of. Throws on one that is neither, or damaged. */
function standing(vault: Vault, expected: readonly Record<string, string>[]): Set<number> {
  const now = contents(vault);
  const stateOf = (file: string, key: string) => {
    const state = expected.findIndex((files) => files[file]?.includes(`"key": "${key}"`));
    expect(state, `${file} is of one of the two states, and nothing between`).toBeGreaterThanOrEqual(0);
    if (file in now) expect(now[file]).toBe(expected[state]?.[file]);
    return state;
  };
  const artifacts = listArtifacts(vault.root).map((address) => {
    const { provenance } = readArtifact(vault.root, address, { everyFile: true })!;
    return stateOf(`public/artifacts/tiny/${address.experiment}/provenance.json`, provenance.key);
  });
  const shards = ["seed-1", "seed-2"].flatMap((shard) => {
    const address = { model: "tiny", experiment: "pieces", shard };
    const found = readShard(vault.root, address);
    return found ? [stateOf(shardFile(address), found.key)] : [];
  });
  return new Set([...artifacts, ...shards]);
}

it(`killed at ${KILLS} moments, measure never leaves a half, and ends with the same bytes as undisturbed`, async () => {
  const expected: Record<string, string>[] = [];
  const ran: { perUnit: number; gap: number }[] = [];
  for (const [shift, jobs] of [
    [0, 1],
    [1, 2],
  ] as const) {
    const undisturbed = newVault();
    setState(undisturbed, shift);
    const { code, err, ...more } = await measureTold(undisturbed, jobs);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expected.push(contents(undisturbed));
    ran.push(more);
  }
  const { perUnit, gap } = ran[1]!;

  let killed = 0;
  let mixed = 0;
  for (let round = 0; killed < KILLS && round < 2 * KILLS; round++) {
    // Another state each time, so that there is always something to do, and an older artifact to lose.
    setState(vault, round % 2);
    const after = perUnit * Math.random();
    const { code } = await measureTold(vault, 2, { after, wait: gap * Math.random(), group: round % 3 === 0 });
    if (code === null) killed++;
    if (standing(vault, expected).size === 2) mixed++;
  }
  expect(killed).toBe(KILLS);
  // Some kills must have fallen amid the work, with artifacts of both states about.
  expect(mixed).toBeGreaterThan(KILLS / 10);

  for (const [shift, jobs] of [
    [0, 2],
    [1, 1],
  ] as const) {
    setState(vault, shift);
    expect(await measureTold(vault, jobs)).toMatchObject({ code: 0, err: "" });
    expect(artifactsOf(contents(vault))).toEqual(artifactsOf(expected[shift]!));
    // Where what was gathered stood already, nobody needs the shards of its state: they may still be of the other.
    standing(vault, expected);
    expect(brokenHistory(vault)).toEqual([]);
  }
  expect(readChanges(vault.root).length).toBeGreaterThan(2 * NAMES.length);
  expect(existsSync(join(vault.root, "public/artifacts/.pending"))).toBe(false);
  expect(readdirSync(join(vault.root, ".lock")).filter((name) => name === "measure")).toEqual([]);
}, 1_200_000);

it("Ctrl-C ends measure cleanly: the lock is given back, what was finished stays, the rest is said", async () => {
  setState(vault, 0);
  const { code, err, out } = await measure(vault, "SIGINT");
  expect(code).toBe(1);
  expect(err).toContain("Stopping after the present batch.");
  expect(existsSync(join(vault.root, ".lock/measure"))).toBe(false);
  const done = NAMES.toSorted().filter((name) => out.includes(`${name} on tiny: measured`));
  expect(done.length).toBeLessThan(NAMES.length);
  expect(err).toContain(`Stopped; ${NAMES.length - done.length} not measured.`);
  expect(listArtifacts(vault.root).map(({ experiment }) => experiment)).toEqual(done);
  expect(await measure(vault)).toMatchObject({ code: 0 });
});
