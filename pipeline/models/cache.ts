import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { ModelCard } from "../artifacts/content.ts";

/** The folder that keeps weights: `SOUNDINGS_MODELS`, or `soundings/models` in the XDG cache. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment.SOUNDINGS_MODELS) return environment.SOUNDINGS_MODELS;
  const xdg = environment.XDG_CACHE_HOME;
  return join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), ".cache"), "soundings", "models");
}

/** Where the weights of a card are kept, there or not. */
export function cachedPath(card: Pick<ModelCard, "id" | "file">, folder: string = cacheFolder()): string {
  return join(folder, card.id, card.file);
}

export function isCached(card: Pick<ModelCard, "id" | "file">, folder?: string): boolean {
  return existsSync(cachedPath(card, folder));
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
