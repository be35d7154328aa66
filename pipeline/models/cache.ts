import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModelCard } from "../artifacts/content/model-card.ts";

/** The folder that keeps weights: `SOUNDINGS_MODELS`, or `soundings/models` in the XDG cache. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.SOUNDINGS_MODELS) return environment.SOUNDINGS_MODELS;
  const xdg = environment.XDG_CACHE_HOME;
  return join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), ".cache"), "soundings", "models");
}

/** The folder that is served with the site; the embedded model has its files there, and nowhere else. */
const SERVED = fileURLToPath(new URL("../../public/models/", import.meta.url));

/** The folder of a card's files, there or not. */
export function modelFolder(card: Pick<ModelCard, "id" | "embedded">, folder: string = cacheFolder()): string {
  return join(card.embedded ? SERVED : folder, card.id);
}

/** What a card's checkpoint is opened by, there or not: the GGUF file, or the folder of a checkpoint as on the hub. */
export function cachedPath(card: Pick<ModelCard, "id" | "format" | "files" | "embedded">, folder?: string): string {
  const own = modelFolder(card, folder);
  return card.format === "gguf" ? join(own, card.files[0]!.name) : own;
}

/** Whether all files of a card are there; what is in them is `verify`'s to say. */
export function isCached(card: Pick<ModelCard, "id" | "files" | "embedded">, folder?: string): boolean {
  return card.files.every(({ name }) => existsSync(join(modelFolder(card, folder), name)));
}

/** SHA-256 of a file, in hexadecimal. Rejects with the system's error when it can't be read. */
export async function sha256Of(file: string, onProgress?: (bytes: number) => void): Promise<string> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    hash.update(chunk);
    bytes += chunk.length;
    onProgress?.(bytes);
  }
  return hash.digest("hex");
}
