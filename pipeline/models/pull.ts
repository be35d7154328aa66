import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ModelCard, ModelFile } from "../artifacts/content/model-card.ts";
import { cachedPath, cacheFolder, modelFolder, sha256Of } from "./cache.ts";
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

/** What is got: a card, or as much of one as is known while it is being written. */
export type Wanted = Pick<ModelCard, "id" | "format" | "files" | "places" | "embedded">;

/**
 * Makes sure that a card's files are in the cache and resolves to the path of the checkpoint. What is there is checked,
 * not got again; else the places are tried in order into a `.part` file, which takes its name only when its SHA-256 is
 * right. Throws `ModelError` with what each place answered, `HashError` when a cached file isn't the card's.
 */
export async function pull(card: Wanted, options: PullOptions = {}): Promise<string> {
  await inFolderOf(card, options, async (folder) => {
    for (const file of card.files)
      if (await exists(join(folder, file.name))) await verifyFile(card, file, options);
      else await pullFile(folder, card, file, options);
  });
  return cachedPath(card, options.folder);
}

/** Hashes a card's cached files. Throws `ModelError` when one isn't there, `HashError` when one isn't the card's. */
export async function verify(card: Wanted, options: PullOptions = {}): Promise<void> {
  for (const file of card.files) await verifyFile(card, file, options);
}

/**
 * Runs `work` in the model's folder while no other process gets the same model. Throws `ModelError` for a disk that is
 * full or can't be written: what has come is kept.
 */
export async function inFolderOf<T>(
  model: Pick<Wanted, "id" | "files" | "embedded">,
  options: PullOptions,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const cache = options.folder ?? cacheFolder();
  const folder = modelFolder(model, cache);
  try {
    await mkdir(folder, { recursive: true });
    const unlock = takeLock(join(folder, ".lock"));
    try {
      return await work(folder);
    } finally {
      unlock();
    }
  } catch (error) {
    throw explained(error, model, cache);
  }
}

async function verifyFile(card: Wanted, file: ModelFile, options: PullOptions): Promise<void> {
  const path = join(modelFolder(card, options.folder), file.name);
  if (!(await exists(path)))
    throw new ModelError(`${card.id} is not on this machine (${path}). Get it: npm run models -- pull ${card.id}`);
  const found = await sha256Of(path, (bytes) => options.onProgress?.(bytes, file.bytes, step(card, "checking", file)));
  if (found !== file.sha256)
    throw new HashError(path, found, file.sha256, `Delete it, then: npm run models -- pull ${card.id}`);
}

async function pullFile(folder: string, card: Wanted, file: ModelFile, options: PullOptions): Promise<void> {
  const path = join(folder, file.name);
  const part = `${path}.part`;
  const shown: PullOptions = {
    ...options,
    onProgress: (done, total, what) => options.onProgress?.(done, total, step(card, what, file)),
  };
  const answers: string[] = [];
  for (const place of card.places) {
    const name = describePlace(place);
    options.onNote?.(`${card.id}: trying ${name}${card.files.length > 1 ? ` for ${file.name}` : ""}`);
    try {
      await fetchFrom(place, file.name, part, shown);
      const found = await sha256Of(part, (bytes) => shown.onProgress?.(bytes, file.bytes, "checking"));
      if (found !== file.sha256) {
        // going on from wrong bytes could never end well
        await rm(part, { force: true });
        throw new HashError(name, found, file.sha256, "What came from there was thrown away");
      }
      return await rename(part, path);
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
      `${card.id} (${file.name}) cannot be had from any of its places:`,
      ...answers.map((answer) => `  - ${answer}`),
      `Try again with a network, or put the file (SHA-256 ${file.sha256}) at ${path}`,
    ].join("\n"),
  );
}

/** What is being done, and to which file where there are several. */
function step(card: Wanted, what: string, file: ModelFile): string {
  return card.files.length > 1 ? `${what} ${file.name}` : what;
}

/** A system error in words; any other error as it is. */
function explained(error: unknown, { id, files }: Pick<Wanted, "id" | "files">, folder: string): unknown {
  const code = codeOf(error);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0) + Math.max(0, ...files.map((file) => file.bytes));
  const advice = `what has come is kept. ${id} takes about ${Math.ceil(bytes / 1e6)} MB while it is got`;
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
