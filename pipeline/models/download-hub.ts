import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ModelFile } from "../artifacts/content/model-card.ts";
import type { Place } from "../artifacts/content/place.ts";
import { architectureNamed } from "../engine/architectures/index.ts";
import { jsonFields } from "../engine/formats/fields.ts";
import { readIndex } from "../engine/formats/hub-checkpoint.ts";
import { sha256Of } from "./cache.ts";
import { HashError, ModelError } from "./errors.ts";
import type { HubRepository } from "./hub-repository.ts";
import { fetchFrom } from "./places.ts";
import { inFolderOf, type PullOptions } from "./pull.ts";

/** What was downloaded: every file with its hash, and the place that has them. */
export interface Downloaded {
  readonly files: ModelFile[];
  readonly place: Place;
}

/**
 * Downloads files of a repository (and the shards of an index among them) into the cache, as the model `id`: small files first, so that a
 * configuration which can't be computed is refused before gigabytes have come. Each file must have the hash that the
 * hub lists; what broke off is gone on with. Throws `ModelError`, `HashError`, `FormatError`.
 */
export async function downloadHub(
  id: string,
  repository: HubRepository,
  paths: readonly string[],
  options: PullOptions,
): Promise<Downloaded> {
  const { repo, commit } = repository;
  const chosen = [...paths];
  const within = dirname(paths[0] ?? "");
  const place = { kind: "hub", repo, revision: commit, folder: within === "." ? "" : within } as const;
  const sizes = () => chosen.map((path) => ({ name: path, bytes: entryOf(repository, path).size, sha256: "" }));
  return inFolderOf({ id, files: sizes() }, options, async (folder) => {
    const files: ModelFile[] = [];
    for (const path of chosen) {
      const name = basename(path);
      options.onNote?.(`${id}: ${path} from the Hugging Face hub, ${repo} at ${commit.slice(0, 7)}`);
      const sha256 = await one(folder, name, place, repository, path, options);
      files.push({ name, bytes: entryOf(repository, path).size, sha256 });
      if (name === "config.json") {
        const fields = jsonFields(name, await readFile(join(folder, name), "utf8"));
        architectureNamed(fields, "model_type", "hub").fromHub(fields);
      }
      if (name.endsWith(".index.json")) {
        const index = readIndex(await readFile(join(folder, name), "utf8"));
        chosen.push(...new Set(index.values()));
      }
    }
    return { files, place };
  });
}

function entryOf({ repo, files }: HubRepository, path: string) {
  const entry = files.get(path);
  if (entry === undefined) throw new ModelError(`${repo}: found no ${path}, which its index names`);
  return entry;
}

/** Gets one file, unless it is there; resolves to its SHA-256. */
async function one(
  folder: string,
  name: string,
  place: Place,
  repository: HubRepository,
  path: string,
  options: PullOptions,
): Promise<string> {
  const final = join(folder, name);
  const there = await stat(final).then(
    () => true,
    () => false,
  );
  if (there) return checked(final, path, repository, "Delete it, then add the model again", options);
  const part = `${final}.part`;
  await fetchFrom(place, name, part, {
    ...options,
    onProgress: (done, total, what) => options.onProgress?.(done, total, `${what} ${name}`),
  });
  try {
    const sha256 = await checked(part, path, repository, "What came was thrown away: add the model again", options);
    await rename(part, final);
    return sha256;
  } catch (error) {
    if (error instanceof HashError) await rm(part, { force: true });
    throw error;
  }
}

/** SHA-256 of a file that is what the hub lists: by that hash for large files, by git's for the others. */
async function checked(file: string, path: string, repository: HubRepository, advice: string, options: PullOptions) {
  const { size, lfs, oid } = entryOf(repository, path);
  const sha256 = await sha256Of(file, (bytes) => options.onProgress?.(bytes, size, `checking ${basename(path)}`));
  const where = `${repository.repo}: ${path}`;
  if (lfs !== undefined) {
    if (sha256 !== lfs.oid) throw new HashError(where, sha256, lfs.oid, advice);
  } else if (oid !== undefined) {
    const found = await gitHash(file);
    if (found !== oid) throw new HashError(where, found, oid, advice, "git hash");
  }
  return sha256;
}

/** The name that git gives a file's content. */
async function gitHash(file: string): Promise<string> {
  const hash = createHash("sha1").update(`blob ${(await stat(file)).size}\0`);
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest("hex");
}
