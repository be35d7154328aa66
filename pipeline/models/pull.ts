import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { ModelCard } from "../artifacts/content.ts";
import { cachedPath, cacheFolder, sha256Of } from "./cache.ts";
import { codeOf, HashError, ModelError } from "./errors.ts";
import { takeLock } from "./lock.ts";
import { describePlace, fetchFrom } from "./places.ts";

export interface PullOptions {
  /** The cache folder; `cacheFolder()` by default. */
  readonly folder?: string;
  readonly signal?: AbortSignal;
  /** Bytes of the step at hand; `what` is `downloading`, `unpacking` or `checking`. */
  readonly onProgress?: (done: number, total: number | undefined, what: string) => void;
  /** Lines for the person who waits: which place is tried, what went wrong at one. */
  readonly onNote?: (note: string) => void;
}

/**
 * Makes sure that a card's weights are in the cache and resolves to their path. What is there is checked, not got again;
 * else the places are tried in order into a `.part` file, which takes its name only when its SHA-256 is right.
 * Throws `ModelError` with what each place answered, `HashError` when the cached file isn't the card's.
 */
export async function pull(card: ModelCard, options: PullOptions = {}): Promise<string> {
  const { folder = cacheFolder() } = options;
  const file = cachedPath(card, folder);
  try {
    await mkdir(dirname(file), { recursive: true });
    const unlock = takeLock(`${file}.lock`);
    try {
      if (await exists(file)) {
        await verify(card, options);
        return file;
      }
      return await pullInto(file, card, options);
    } finally {
      unlock();
    }
  } catch (error) {
    throw explained(error, card, folder);
  }
}

/** Hashes a card's cached file. Throws `ModelError` when it isn't there, `HashError` when it isn't the card's. */
export async function verify(card: ModelCard, options: PullOptions = {}): Promise<void> {
  const file = cachedPath(card, options.folder);
  if (!(await exists(file)))
    throw new ModelError(`${card.id} is not on this machine (${file}). Get it: npm run models -- pull ${card.id}`);
  const found = await sha256Of(file, (bytes) => options.onProgress?.(bytes, card.bytes, "checking"));
  if (found !== card.sha256)
    throw new HashError(file, found, card.sha256, `Delete it, then: npm run models -- pull ${card.id}`);
}

async function pullInto(file: string, card: ModelCard, options: PullOptions): Promise<string> {
  const part = `${file}.part`;
  const answers: string[] = [];
  for (const place of card.places) {
    const name = describePlace(place);
    options.onNote?.(`${card.id}: trying ${name}`);
    try {
      await fetchFrom(place, part, options);
      const found = await sha256Of(part, (bytes) => options.onProgress?.(bytes, card.bytes, "checking"));
      if (found !== card.sha256) {
        // going on from wrong bytes could never end well
        await rm(part, { force: true });
        throw new HashError(name, found, card.sha256, "What came from there was thrown away");
      }
      await rename(part, file);
      return file;
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof ModelError)) throw error;
      const answer = error instanceof HashError ? error.message : `${name}: ${error.message}`;
      answers.push(answer);
      options.onNote?.(answer);
    }
  }
  throw new ModelError(
    [
      `${card.id} (${card.file}) cannot be had from any of its places:`,
      ...answers.map((answer) => `  - ${answer}`),
      `Try again with a network, or put the file (SHA-256 ${card.sha256}) at ${file}`,
    ].join("\n"),
  );
}

/** A system error in words; any other error as it is. */
function explained(error: unknown, card: ModelCard, folder: string): unknown {
  const code = codeOf(error);
  const advice = `what has come is kept. ${card.id} takes about ${Math.ceil((2 * card.bytes) / 1e6)} MB while it is got`;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new ModelError(
      `${folder}: the disk is full; ${advice}: make room, or set SOUNDINGS_MODELS to another folder`,
    );
  if (code === "EACCES" || code === "EROFS" || code === "EPERM" || code === "ENOTDIR")
    return new ModelError(`${folder}: cannot be written (${code}); set SOUNDINGS_MODELS to a folder that can`);
  return error;
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
