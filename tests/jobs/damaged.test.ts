import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { rekeyArtifact } from "../../pipeline/artifacts/rekey.ts";
import { readArtifact } from "../../pipeline/artifacts/store.ts";
import { keyOf } from "../../pipeline/jobs/key.ts";
import { type MeasureOptions, measure } from "../../pipeline/jobs/measure.ts";
import { makePlan } from "../../pipeline/jobs/plan.ts";
import { rekey } from "../../pipeline/jobs/rekey.ts";
import { makeVault, modelFree, type Vault } from "./vault.ts";

let vault: Vault;
const address = { model: "tiny", experiment: "lengths" };
const folder = "public/artifacts/tiny/lengths";
beforeEach(async () => {
  vault = makeVault();
  await measureAll();
});
afterEach(() => {
  vi.useRealTimers();
  vault.remove();
});

async function measureAll(options: Partial<MeasureOptions> = {}) {
  const plan = await makePlan(vault.root);
  const jobs = plan.jobs.filter(({ changes }) => changes.length > 0);
  return measure(modelFree(vault.root), plan, jobs, { signal: new AbortController().signal, ...options });
}

it.each<[string, string, (text: string) => string, RegExp]>([
  ["a number", "result.json", (text) => text.replace("16.8333", "17"), /result\.json: not the file that was measured/],
  ["a file beside the result", "rows/lengths.txt", () => "", /lengths\.txt: not the file that was measured/],
  ["half of it", "result.json", (text) => text.slice(0, 100), /result\.json: not the file that was measured/],
  ["when it was", "provenance.json", (text) => text.replace("seconds", "secondz"), /provenance\.json/],
  [
    "how long it took",
    "provenance.json",
    (text) => text.replace(/"seconds": .*/, '"seconds": 1,'),
    /provenance\.json: not what was written/,
  ],
  [
    "a bet",
    "provenance.json",
    (text) => text.replace('"how-long-are-words/long/above-some"', '"another/bet/won"'),
    /provenance\.json: not what was written/,
  ],
])(
  "an artifact in which a hand changed %s is named and left as it is, until somebody says that it may be replaced",
  async (_, name, edit, why) => {
    const whole = vault.read(`${folder}/result.json`);
    const edited = edit(vault.read(`${folder}/${name}`));
    vault.write(`${folder}/${name}`, edited);
    const [job] = (await makePlan(vault.root)).jobs;
    expect(job).toMatchObject({ damaged: true, changes: [expect.stringMatching(why)] });
    const [outcome] = await measureAll();
    expect(outcome).toMatchObject({ ...address, state: "damaged", seconds: 0 });
    expect(outcome?.error?.message).toMatch(why);
    expect(vault.read(`${folder}/${name}`)).toBe(edited);
    expect((await measureAll({ replaceDamaged: true })).map(({ state }) => state)).toEqual(["measured"]);
    expect(vault.read(`${folder}/result.json`)).toBe(whole);
    // The number may have been seen before the bet was written: nobody can tell any more.
    expect(readArtifact(vault.root, address)?.provenance.predictions).toEqual({});
  },
);

it("one that lost a file is damaged; one that is not there was never measured", async () => {
  rmSync(join(vault.root, folder, "rows/lengths.txt"));
  expect((await measureAll())[0]?.state).toBe("damaged");
  rmSync(join(vault.root, folder), { recursive: true });
  expect((await measureAll())[0]?.state).toBe("measured");
});

it("no decision rests on the clock: set back a year amid a run, the result is whole, fresh, and the next one stands after it", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const back = () => vi.setSystemTime(Date.now() - 366 * 86_400_000);
  vault.write("content/prompts/words.yaml", vault.read("content/prompts/words.yaml").replace("river", "money"));
  expect(await measureAll({ progress: back })).toMatchObject([{ state: "measured" }]);
  const { provenance } = readArtifact(vault.root, address, { everyFile: true })!;
  expect(provenance.seconds).toBeGreaterThanOrEqual(0);
  expect(provenance.seconds).toBeLessThan(3600);
  expect(await measureAll()).toEqual([]);
  back();
  vault.write("content/prompts/words.yaml", vault.read("content/prompts/words.yaml").replace("money", "river"));
  expect(await measureAll()).toMatchObject([{ state: "measured" }]);
  expect(await measureAll()).toEqual([]);
});

it("an artifact that is fresh by a wider key, or has no seal, gets the key of now with nothing computed; a removed parameter is a change", async () => {
  const plan = await makePlan(vault.root);
  const [job] = plan.jobs;
  const hash = "00".repeat(32);
  const widen = (...more: Parameters<typeof keyOf>[2]) => {
    const inputs = [...job!.inputs, ...more];
    rekeyArtifact(vault.root, address, { inputs, key: keyOf("lengths", "tiny", inputs) });
  };
  const before = readArtifact(vault.root, address)!;
  widen({ kind: "code", name: "pipeline/engine/gone.ts", hash }, { kind: "prompts", name: "gone", hash });
  const [wider] = (await makePlan(vault.root)).jobs;
  expect(wider).toMatchObject({ changes: [], wider: true });
  const result = vault.read(`${folder}/result.json`);
  expect(rekey(vault.root, [wider!]).map(({ experiment }) => experiment)).toEqual(["lengths"]);
  expect(readArtifact(vault.root, address, { everyFile: true })).toEqual(before);
  expect(vault.read(`${folder}/result.json`)).toBe(result);
  expect((await makePlan(vault.root)).jobs[0]).toMatchObject({ changes: [], wider: false });

  widen({ kind: "parameters", name: "gone", hash });
  expect((await makePlan(vault.root)).jobs[0]).toMatchObject({ changes: ["parameters/gone removed"], wider: false });
  widen();
  vault.write(
    `${folder}/provenance.json`,
    vault.read(`${folder}/provenance.json`).replace(/,\n {2}"sha256": "[^"]*"/, ""),
  );
  expect((await makePlan(vault.root)).jobs[0]).toMatchObject({ changes: [], wider: true });
});
