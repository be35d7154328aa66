import { readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { canonicalJson } from "./canonical-json.ts";
import { isFull, writeDurably } from "./durable.ts";
import { Environment, Input, SCHEMA_VERSION, sha256, slug, Table } from "./schema.ts";
import { sealed, unsealed } from "./seal.ts";
import { type Address, ArtifactError, describeIssue } from "./store.ts";

/**
 * Pieces of experiments, each in a file: `public/shards/<subject>/<experiment>/<shard>.json.gz`. Packed, since there are
 * hundreds, most of each is the list of what it depends on, and nobody reads them but the experiment that gathers them.
 */

const SHARDS = "public/shards";

/** One finished piece with what it depends on. */
export const ShardResult = z.strictObject({
  schema: z.literal(SCHEMA_VERSION),
  experiment: slug,
  /** The model, or the families, that it belongs to. */
  model: slug,
  shard: slug,
  key: sha256,
  inputs: z.array(Input),
  environment: Environment,
  started: z.iso.datetime(),
  seconds: z.number().nonnegative(),
  tables: z.record(z.string(), Table),
});
export type ShardResult = z.infer<typeof ShardResult>;

export interface ShardAddress extends Address {
  readonly shard: string;
}

/** From the project's folder. */
export function shardFile({ model, experiment, shard }: ShardAddress): string {
  return `${SHARDS}/${model}/${experiment}/${shard}.json.gz`;
}

/** One finished piece; undefined when there is none. Throws as `parseShard`. */
export function readShard(root: string, address: ShardAddress): ShardResult | undefined {
  const file = shardFile(address);
  try {
    return parseShard(readFileSync(join(root, file)), file, address);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * A finished piece as its file holds it. Throws ArtifactError, naming file, path and value, on one that was edited or cut
 * short: its last line is the SHA-256 of what stands above.
 */
export function parseShard(bytes: Buffer, file: string, address: ShardAddress): ShardResult {
  const fail = (what: string): never => {
    throw new ArtifactError(`${file}: ${what} Restore it from git, or let it be computed again.`);
  };
  let found: { sha256?: string };
  try {
    found = JSON.parse(gunzipSync(bytes).toString("utf8"));
  } catch (error) {
    return fail(`not JSON packed by gzip: ${(error as Error).message}.`);
  }
  const { content, holds } = unsealed(found);
  if (!holds) return fail("not what was computed (its SHA-256 is another).");
  const parsed = ShardResult.safeParse(content);
  if (!parsed.success) return fail(parsed.error.issues.map((issue) => describeIssue(issue, content)).join("; "));
  for (const field of ["model", "experiment", "shard"] as const)
    if (parsed.data[field] !== address[field])
      return fail(`${field}: expected "${address[field]}", found "${parsed.data[field]}".`);
  return parsed.data;
}

/** A finished piece as its file holds it. Throws ArtifactError on content that fails its schema. */
export function shardBytes(result: ShardResult): Buffer {
  const parsed = ShardResult.safeParse(result);
  if (!parsed.success)
    throw new ArtifactError(
      parsed.error.issues.map((i) => `${shardFile(result)}: ${describeIssue(i, result)}`).join("\n"),
    );
  return gzipSync(canonicalJson(sealed(result)), { level: 9 });
}

/** Writes a piece whole or not at all. Throws ArtifactError on content that fails its schema, and on a full disk. */
export function writeShard(root: string, result: ShardResult): void {
  const file = shardFile(result);
  const bytes = shardBytes(result);
  const path = join(root, file);
  const part = `${path}.part`;
  try {
    rmSync(part, { force: true });
    writeDurably(part, bytes);
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    if (!isFull(error)) throw error;
    throw new ArtifactError(
      `No space left on the disk while writing ${file}. Make room, then run the same command again.`,
      { cause: error },
    );
  }
}
