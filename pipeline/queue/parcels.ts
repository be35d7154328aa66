import { z } from "zod";
import { canonicalJson } from "../artifacts/canonical-json.ts";
import { sha256Of } from "../artifacts/hash.ts";
import { Provenance, Result, sha256 } from "../artifacts/schema.ts";
import { sealed, unsealed } from "../artifacts/seal.ts";
import { parseShard, type ShardAddress, type ShardResult, shardBytes } from "../artifacts/shard-store.ts";
import { parseJson } from "../artifacts/store.ts";
import type { Order } from "../jobs/order.ts";
import type { Computed } from "../jobs/unit.ts";
import { type ObjectStore, StoreError } from "./object-store.ts";

/** An experiment's outcome in the store: its files by their hash; they are there before this is. */
const Parcel = z.strictObject({
  key: sha256,
  provenance: Provenance.omit({ files: true, predictions: true, sha256: true }),
  /** `result.json` and what lies beside it. */
  files: z.record(z.string(), sha256),
});
type Parcel = z.infer<typeof Parcel>;

/** Raised when an object isn't what it says it is; it is removed by then. */
export class SpoiltError extends Error {
  override readonly name = "SpoiltError";
}

const RESULT = "result.json";
const blob = (hash: string) => `blobs/${hash}`;
const shardObject = (key: string) => `shards/${key}.json.gz`;
/** The object that is there once a unit's outcome is whole. */
export const outcomeObject = ({ shard, key }: Pick<Order, "shard" | "key">): string =>
  shard === undefined ? `results/${key}.json` : shardObject(key);

/** Leaves what a unit gave. Done twice, the same objects are there. Throws StoreError. */
export async function leave(store: ObjectStore, order: Order, computed: Computed): Promise<void> {
  if (computed.kind === "shard") return store.write(shardObject(order.key), shardBytes(computed.result));
  const { result, files = {}, provenance } = computed.artifact;
  const contents = { ...files, [RESULT]: canonicalJson(result) };
  const hashes: Record<string, string> = {};
  for (const [name, content] of Object.entries(contents)) {
    const hash = sha256Of(content);
    hashes[name] = hash;
    if (!(await store.has(blob(hash)))) await store.write(blob(hash), Buffer.from(content));
  }
  const parcel: Parcel = { key: order.key, provenance, files: hashes };
  await store.write(outcomeObject(order), Buffer.from(canonicalJson(sealed(parcel))));
}

/**
 * What a unit gave; undefined where it isn't there. Throws SpoiltError, and StoreError.
 */
export async function collect(store: ObjectStore, order: Order): Promise<Computed | undefined> {
  const name = outcomeObject(order);
  const bytes = await store.read(name);
  if (!bytes) return undefined;
  const where = `${store.where}: ${name}`;
  return orRemoved(store, [name], async () => {
    if (order.shard !== undefined)
      return { kind: "shard", result: shardOf(bytes, where, { ...order, shard: order.shard }, order.key) };
    const { content, holds } = unsealed(JSON.parse(bytes.toString("utf8")) as { sha256?: string });
    const parcel = Parcel.parse(content);
    if (!holds || parcel.key !== order.key) throw new Error("its hash is another");
    const files: Record<string, Buffer> = {};
    const spoilt: string[] = [];
    for (const [file, hash] of Object.entries(parcel.files)) {
      const bytes = await blobOf(store, hash);
      if (bytes) files[file] = bytes;
      else spoilt.push(file);
    }
    if (spoilt.length > 0) throw new Error(`not there, or not what was left: ${spoilt.join(", ")}`);
    const { [RESULT]: json, ...beside } = files;
    if (!json) throw new Error(`it has no ${RESULT}`);
    const result = parseJson(json, `${where}: ${RESULT}`, Result);
    return { kind: "experiment", artifact: { result, provenance: parcel.provenance, files: beside } };
  });
}

/** The shard of that key; undefined where it isn't there. Throws as `collect`. */
export async function collectShard(
  store: ObjectStore,
  address: ShardAddress,
  key: string,
): Promise<ShardResult | undefined> {
  const name = shardObject(key);
  const bytes = await store.read(name);
  return bytes && orRemoved(store, [name], async () => shardOf(bytes, `${store.where}: ${name}`, address, key));
}

/** Leaves a shard that is kept here, unless it is there. */
export async function leaveShard(store: ObjectStore, result: ShardResult): Promise<void> {
  const name = shardObject(result.key);
  if (!(await store.has(name))) await store.write(name, shardBytes(result));
}

/** Forgets what a unit gave, so that it is computed anew. */
export async function forget(store: ObjectStore, order: Order): Promise<void> {
  await store.remove(outcomeObject(order));
}

function shardOf(bytes: Buffer, where: string, address: ShardAddress, key: string): ShardResult {
  const result = parseShard(bytes, where, address);
  if (result.key !== key) throw new Error(`expected the key ${key}, found ${result.key}`);
  return result;
}

/** A file by its hash; undefined when it isn't there, or is another: then it is removed. */
async function blobOf(store: ObjectStore, hash: string): Promise<Buffer | undefined> {
  const bytes = await store.read(blob(hash));
  if (!bytes || sha256Of(bytes) === hash) return bytes;
  await store.remove(blob(hash));
  return undefined;
}

async function orRemoved<T>(store: ObjectStore, names: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    for (const name of names) await store.remove(name);
    throw new SpoiltError(
      `The store ${store.where}: ${names.join(", ")} was not what a worker left (${(error as Error).message}). It was removed, and is computed anew.`,
      { cause: error },
    );
  }
}
