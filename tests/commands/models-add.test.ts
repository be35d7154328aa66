import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HubServer, hubServer } from "../support/hub-server.ts";
import { safetensors } from "../support/tensors.ts";

const project = fileURLToPath(new URL("../../", import.meta.url));
const golden = join(project, "tests/golden/tiny/qwen2-bias");
let root: string;
let hub: HubServer;

/** A copy of the project that may get a card of its own. */
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "soundings-"));
  for (const part of ["pipeline", "content", "package.json"])
    cpSync(join(project, part), join(root, part), { recursive: true });
  symlinkSync(join(project, "node_modules"), join(root, "node_modules"));
  mkdirSync(join(root, "cache"));
  const files = Object.fromEntries(
    ["config.json", "model.safetensors"].map((name) => [name, new Uint8Array(readFileSync(join(golden, name)))]),
  );
  hub = await hubServer({ "someone/tiny-qwen": { files, card: { license: "mit" } } });
});
afterAll(async () => {
  await hub.close();
  rmSync(root, { recursive: true });
});

function soundings(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, HF_ENDPOINT: hub.url, HF_TOKEN: "", SOUNDINGS_MODELS: join(root, "cache") };
  return new Promise((resolve) => {
    execFile(process.execPath, ["pipeline/cli.ts", ...args], { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

test("add, list, pull, verify and trace a model of the hub, as a person would", async () => {
  const added = await soundings("models", "add", "someone/tiny-qwen");
  expect(added).toMatchObject({ code: 0 });
  expect(added.stdout).toContain("content/models/tiny-qwen.yaml\nNext: complete what it says about the model");
  expect(JSON.parse((await soundings("models", "list", "--json")).stdout)).toMatchObject([
    { id: "smollm2-135m" },
    { id: "soundings-2m" },
    { id: "soundings-2m-seed-2" },
    { id: "tiny-qwen", here: true, path: join(root, "cache/tiny-qwen"), licence: "MIT" },
  ]);
  expect(await soundings("models", "pull", "tiny-qwen")).toMatchObject({
    code: 0,
    stdout: `${join(root, "cache/tiny-qwen")}\n`,
  });
  expect(await soundings("models", "verify", "tiny-qwen")).toMatchObject({ code: 0 });

  const out = join(root, "trace.safetensors");
  const traced = await soundings(
    ...["trace", "--model", "tiny-qwen", "--ids", "5,7,9", "--points", "logits", "--out", out],
  );
  expect(traced).toMatchObject({ code: 0 });
  expect(safetensors(out).get("logits")?.shape.slice(0, 2)).toEqual([1, 3]);

  expect(await soundings("models", "add", "someone/tiny-qwen")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('there is a model "tiny-qwen"'),
  });
}, 60_000);
