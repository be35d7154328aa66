import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { sha256Of } from "./hash.ts";
import { Provenance, Result, slug } from "./schema.ts";
import { unsealed } from "./seal.ts";
import type { Measured } from "./verdict.ts";

/** Reading `public/artifacts/<model>/<experiment>/`. Writing is in `writer.ts`. */

export const ARTIFACTS = "public/artifacts";
/** Where folders wait while they are written and swapped. Not committed. */
export const PENDING = ".pending";
/** Beside a model's artifacts: what moved each time one was measured (`history-store.ts`). */
export const CHANGES = "changes";

export interface Address {
  readonly model: string;
  readonly experiment: string;
}

/** Raised when an artifact is there but is not what it says it is. */
export class ArtifactError extends Error {
  override readonly name = "ArtifactError";
}

export interface ReadOptions {
  /** Also hash every file beside `result.json`, and look for files that provenance doesn't know. */
  readonly everyFile?: boolean;
}

/**
 * Result and provenance of one artifact; undefined when it was never measured. `root` is the project's folder.
 * Throws ArtifactError, naming file, path and value, when a file is missing, fails its schema, or isn't the one that
 * provenance recorded.
 */
export function readArtifact(root: string, address: Address, options: ReadOptions = {}): Measured | undefined {
  return steadily(() => {
    const found = openArtifact(root, address);
    if (!found) return undefined;
    const { folder, shown, provenance } = found;
    const bytes = readBytes(join(folder, "result.json"), `${shown}/result.json`);
    const result = parseJson(bytes, `${shown}/result.json`, Result);
    assertAddress(`${shown}/result.json`, result, address);
    checkHash(`${shown}/result.json`, bytes, provenance.files["result.json"]);
    if (options.everyFile) checkFiles(found);
    return { result, provenance };
  });
}

/**
 * The provenance of one artifact all of whose files are the ones that it recorded; undefined when it was never measured.
 * No result is parsed: a thousand artifacts are looked over in a second.
 * Throws ArtifactError when a file is missing, isn't the one that was recorded, or isn't known to provenance.
 */
export function readStanding(root: string, address: Address): Provenance | undefined {
  return steadily(() => {
    const found = openArtifact(root, address);
    if (found) checkFiles(found);
    return found?.provenance;
  });
}

/** A swap may fall between two reads of ours: what was read is then of two ages. Looks again; a true fault stays. */
function steadily<T>(read: () => T): T {
  for (let attempt = 0; ; attempt++) {
    try {
      return read();
    } catch (error) {
      if (attempt === 2) throw error;
    }
  }
}

/** The same; also undefined for a damaged one, which is replaced like one that never was. */
export function readUndamaged(root: string, address: Address): Measured | undefined {
  try {
    return readArtifact(root, address);
  } catch (error) {
    if (error instanceof ArtifactError) return undefined;
    throw error;
  }
}

/** Every artifact there is, sorted by model, then experiment. */
export function listArtifacts(root: string): Address[] {
  const found = new Map<string, Address>();
  const folder = join(root, ARTIFACTS);
  for (const model of folders(folder))
    for (const experiment of folders(join(folder, model)))
      if (experiment !== CHANGES) found.set(`${model}/${experiment}`, { model, experiment });
  for (const address of pendingReady(root)) found.set(`${address.model}/${address.experiment}`, address);
  return [...found.keys()].sort().map((key) => found.get(key)!);
}

/** A lookup for `verdict`, reading each artifact of a model once. */
export function lookupFor(root: string, model: string): (experiment: string) => Measured | undefined {
  const known = new Map<string, Measured | undefined>();
  return (experiment) => {
    if (!known.has(experiment)) known.set(experiment, readArtifact(root, { model, experiment }));
    return known.get(experiment);
  };
}

/**
 * One of the large files beside a result (`traces/river-bank.json`), checked against the recorded hash.
 * Throws when provenance doesn't list it.
 */
export function readBeside(root: string, address: Address, name: string): Buffer {
  const artifact = readArtifact(root, address);
  const where = `${folderOf(address)}/${name}`;
  const expected = artifact?.provenance.files[name];
  if (expected === undefined) throw new ArtifactError(`${where} is not part of that artifact.`);
  const bytes = readBytes(join(place(root, address) ?? "", name), where);
  checkHash(where, bytes, expected);
  return bytes;
}

/** The folder that holds an artifact now, absolute; undefined when there is none. */
export function place(root: string, address: Address): string | undefined {
  const target = join(root, folderOf(address));
  // Killed between the two renames of a swap, the new folder still stands ready: it is the artifact.
  return [target, readyFolder(root, address)].find((folder) => isFolder(folder));
}

/** The address of an artifact's folder, from the project's folder. */
export function folderOf({ model, experiment }: Address): string {
  return `${ARTIFACTS}/${model}/${experiment}`;
}

/** A complete folder that waits for its place. */
export function readyFolder(root: string, { model, experiment }: Address): string {
  return join(root, ARTIFACTS, PENDING, `${model}~${experiment}~ready`);
}

/** Artifacts whose swap was interrupted. */
export function pendingReady(root: string): Address[] {
  return folders(join(root, ARTIFACTS, PENDING), /~ready$/).map((name) => {
    const [model = "", experiment = ""] = name.split("~");
    return { model, experiment };
  });
}

interface OpenedArtifact {
  readonly folder: string;
  /** The folder as messages name it. */
  readonly shown: string;
  readonly provenance: Provenance;
}

/** An artifact's folder, with its provenance as it was written. */
function openArtifact(root: string, address: Address): OpenedArtifact | undefined {
  for (const part of [address.model, address.experiment])
    if (!slug.safeParse(part).success || part === CHANGES)
      throw new ArtifactError(`"${part}" cannot be the name of a model or experiment.`);
  const folder = place(root, address);
  if (!folder) return undefined;
  const shown = folderOf(address);
  const name = `${shown}/provenance.json`;
  const provenance = parseJson(readBytes(join(folder, "provenance.json"), name), name, Provenance);
  if (unsealed(provenance).holds === false)
    throw new ArtifactError(
      `${name}: not what was written (its SHA-256 is another). Restore it from git, or measure it again.`,
    );
  assertAddress(name, provenance, address);
  return { folder, shown, provenance };
}

function assertAddress(shown: string, file: Address, address: Address): void {
  for (const field of ["model", "experiment"] as const)
    if (file[field] !== address[field])
      throw new ArtifactError(`${shown}: ${field}: expected "${address[field]}", found "${file[field]}".`);
}

function checkFiles({ folder, shown, provenance }: OpenedArtifact): void {
  // One that provenance doesn't even list is missing from it, not too much.
  for (const [name, hash] of Object.entries({ "result.json": undefined, ...provenance.files }))
    checkHash(`${shown}/${name}`, readBytes(join(folder, name), `${shown}/${name}`), hash);
  const here = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  for (const name of here)
    if (name !== "provenance.json" && !(name in provenance.files))
      throw new ArtifactError(
        `${shown}/${name}: no part of this artifact (provenance.json does not list it). Remove it.`,
      );
}

function checkHash(shown: string, bytes: Uint8Array, expected: string | undefined): void {
  const found = sha256Of(bytes);
  if (found !== expected)
    throw new ArtifactError(
      `${shown}: not the file that was measured (SHA-256 ${found.slice(0, 12)}…, provenance.json has ${expected?.slice(0, 12) ?? "none"}…). ` +
        "Restore it from git, or measure it again.",
    );
}

/** A file of ours as its schema has it. Throws ArtifactError with file, path and value. */
export function parseJson<T>(bytes: Buffer, shown: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw new ArtifactError(`${shown}: not JSON: ${(error as Error).message}`);
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new ArtifactError(parsed.error.issues.map((issue) => `${shown}: ${describeIssue(issue, json)}`).join("\n"));
}

/** One issue of Zod as `path: message (found value)`. */
export function describeIssue(issue: { path: PropertyKey[]; message: string }, input: unknown): string {
  let value: unknown = input;
  for (const key of issue.path) value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return `${issue.path.map(String).join(".") || "the whole"}: ${issue.message} (found ${text.length > 80 ? `${text.slice(0, 77)}…` : text})`;
}

function readBytes(path: string, shown: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new ArtifactError(`${shown} is missing. Restore it from git, or measure it again.`);
    throw error;
  }
}

function isFolder(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}

function folders(path: string, like: RegExp = /^[^.]/): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && like.test(entry.name))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
