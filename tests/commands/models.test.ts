import { copyFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { weightsSha256 } from "../../pipeline/artifacts/model-files.ts";
import { cachedPath } from "../../pipeline/models/cache.ts";
import { cardOf } from "../../pipeline/models/cards.ts";
import { soundings } from "../support/cli.ts";
import { realModel } from "../support/real-model.ts";

const card = cardOf("smollm2-135m");
const sha256 = weightsSha256(card.files);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "soundings-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("list says what there is, where it is, and how to get it", async () => {
  const here = await soundings(["models", "list", "--json"]);
  expect(JSON.parse(here.stdout)[0]).toMatchObject({
    id: card.id,
    here: true,
    path: realModel(),
    sha256,
    default: true,
  });
  const away = await soundings(["models", "list"], { SOUNDINGS_MODELS: folder });
  expect(away.stdout).toContain("not here; npm run models -- pull smollm2-135m");
  // the embedded model is always here; a recipe may not have been trained yet
  expect(away.stdout).toMatch(/^soundings-2m .*\n {2}here: .*public\/models\/soundings-2m$/m);
  expect(away.stdout).toContain("not trained yet\n  npm run train -- soundings-300k");
});

test("pull of a model that is here checks it and prints its path", async () => {
  const ran = await soundings(["models", "pull", card.id]);
  expect(ran).toMatchObject({ code: 0, stdout: `${realModel()}\n` });
  expect(ran.stderr).toContain("smollm2-135m: checking: 98.4 MB");
});

test("verify: right, not here, cut short", async () => {
  expect(await soundings(["models", "verify", card.id])).toMatchObject({ code: 0 });
  const away = { SOUNDINGS_MODELS: folder };
  expect(await soundings(["models", "verify"], away)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^soundings-2m: its SHA-256 is right \(.*\)\n$/),
  });
  expect((await soundings(["models", "verify", card.id], away)).stderr).toContain("is not on this machine");
  const copy = cachedPath(card, folder);
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(realModel(), copy);
  truncateSync(copy, 1000);
  const cut = await soundings(["models", "verify", "--json"], away);
  expect(cut.code).toBe(1);
  expect(JSON.parse(cut.stdout)).toMatchObject([
    { id: card.id, ok: false, error: expect.stringContaining(`expected ${sha256}`) },
    { id: "soundings-2m", ok: true },
  ]);
});

test("with no network and nothing here, pull ends soon with each place's answer", async () => {
  const environment = {
    SOUNDINGS_MODELS: join(folder, "none"),
    HF_ENDPOINT: "http://127.0.0.1:9",
    PIP_INDEX_URL: "http://127.0.0.1:9/simple",
    PIP_NO_INDEX: "1",
    PIP_FIND_LINKS: folder,
  };
  const ran = await soundings(["models", "pull", card.id], environment);
  expect(ran).toMatchObject({ code: 1, stdout: "" });
  expect(ran.stderr).toContain("cannot be had from any of its places");
  expect(ran.stderr).toContain(`put the file (SHA-256 ${sha256}) at`);
});

test("bad use exits with 2", async () => {
  expect(await soundings(["models", "pull"])).toMatchObject({ code: 2, stdout: "" });
  expect(await soundings(["models", "list", "--jsno"])).toMatchObject({ code: 2, stdout: "" });
});
