import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { ModelCard } from "../../pipeline/artifacts/content/model-card.ts";
import { sha256Of } from "../../pipeline/artifacts/hash.ts";
import type { ObjectStore } from "../../pipeline/queue/object-store.ts";
import { openStore } from "../../pipeline/queue/open-store.ts";
import { leaveWeights, takeWeights } from "../../pipeline/queue/weights.ts";

const TINY = "tests/golden/tiny/gpt2";
const files = ["config.json", "model.safetensors"].map((name) => {
  const bytes = readFileSync(join(TINY, name));
  return { name, bytes: bytes.length, sha256: sha256Of(bytes) };
});
const card = { id: "tiny", format: "safetensors", files } as ModelCard;

let folder: string;
let store: ObjectStore;
const cache = (name: string) => join(folder, name);
const notes: string[] = [];
const take = (name: string) => takeWeights(store, card, (text) => notes.push(text), cache(name));
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "weights-"));
  mkdirSync(cache("store"));
  store = await openStore(cache("store"));
  mkdirSync(join(cache("first"), "tiny"), { recursive: true });
  for (const { name } of files) copyFileSync(join(TINY, name), join(cache("first"), "tiny", name));
  notes.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

it("weights go from one machine's cache through the store into another's, by their hash, whatever they are called", async () => {
  expect(await take("second")).toBe(false);
  await leaveWeights(store, card, cache("first"));
  expect(await store.list("weights/")).toEqual(files.map(({ sha256 }) => `weights/${sha256}`).sort());
  expect(await take("second")).toBe(true);
  for (const { name } of files)
    expect(readFileSync(join(cache("second"), "tiny", name)).equals(readFileSync(join(TINY, name)))).toBe(true);
  expect(readdirSync(join(cache("second"), "tiny")).sort()).toEqual(files.map(({ name }) => name).sort());
});

it("weights in the store that are not what their name says are thrown away there, and get into no cache", async () => {
  await leaveWeights(store, card, cache("first"));
  const spoilt = `weights/${files[1]!.sha256}`;
  await store.write(spoilt, Buffer.from("something else"));
  expect(await take("second")).toBe(false);
  expect(notes.at(-1)).toBe("tiny: model.safetensors in the store is not what its name says, and was removed");
  expect([await store.has(spoilt), existsSync(join(cache("second"), "tiny", "model.safetensors"))]).toEqual([
    false,
    false,
  ]);
  await leaveWeights(store, card, cache("first"));
  expect(await take("second")).toBe(true);
});

it("a cached file that is not the card's is not passed on", async () => {
  writeFileSync(join(cache("first"), "tiny", "model.safetensors"), "edited");
  await leaveWeights(store, card, cache("first"));
  expect(await store.list("weights/")).toEqual([`weights/${files[0]!.sha256}`]);
});
