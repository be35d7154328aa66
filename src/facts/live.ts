import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type { ModelCard } from "../../pipeline/artifacts/content/model-card.ts";
import { sha256Of } from "../../pipeline/artifacts/hash.ts";
import { ArtifactError } from "../../pipeline/artifacts/store.ts";
import type { Entry } from "../../pipeline/artifacts/vault.ts";
import type { Facts } from "./facts.ts";
import { root } from "./place.ts";

/** The model that readers run in their browser, and what they fetch for it. */
export interface LiveFacts {
  readonly model: Entry<ModelCard>;
  /** Where the site serves its files. */
  readonly folder: string;
  /** ONNX Runtime's WebAssembly. */
  readonly runtime: { readonly bytes: number; readonly sha256: string };
  /** Of all files together, runtime and model. */
  readonly bytes: number;
}

const known = new WeakMap<Pick<Facts, "models">, LiveFacts | undefined>();

/**
 * The embedded model; undefined where no card says that it is one. Throws ArtifactError when two do, when its format is none
 * that browsers are sent, or when a file under `public/models/` is missing or not the one on the card.
 */
export function liveModel(facts: Pick<Facts, "models">, folder: string = root): LiveFacts | undefined {
  if (!known.has(facts)) known.set(facts, readLive(facts, folder));
  return known.get(facts);
}

function readLive(facts: Pick<Facts, "models">, folder: string): LiveFacts | undefined {
  const [model, ...more] = facts.models.filter(({ data }) => data.embedded);
  if (!model) return undefined;
  const { id, format, files } = model.data;
  if (more.length > 0)
    throw new ArtifactError(
      `content/models: expected at most one card with "embedded: true", found ${more.length + 1} (${[model, ...more].map((each) => each.file).join(", ")}).`,
    );
  if (format !== "safetensors")
    throw new ArtifactError(`${model.file}: format: found ${format}; a browser is sent safetensors only.`);
  for (const file of files) checkFile(model.file, join(folder, "public/models", id, file.name), file);
  const wasm = readFileSync(
    createRequire(resolve("package.json")).resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm"),
  );
  return {
    model,
    folder: `/models/${id}/`,
    runtime: { bytes: wasm.length, sha256: sha256Of(wasm) },
    bytes: files.reduce((sum, { bytes }) => sum + bytes, wasm.length),
  };
}

function checkFile(card: string, path: string, { bytes, sha256 }: ModelCard["files"][number]): void {
  let found: Buffer;
  try {
    found = readFileSync(path);
  } catch (error) {
    throw new ArtifactError(`${card}: its file ${path} cannot be read (${(error as Error).message}).`);
  }
  if (found.length !== bytes || sha256Of(found) !== sha256)
    throw new ArtifactError(
      `${path}: found ${found.length} bytes of SHA-256 ${sha256Of(found)}; ${card} says ${bytes} of ${sha256}.`,
    );
}
