import { readShard } from "../artifacts/shard-store.ts";
import { ArtifactError, readArtifact } from "../artifacts/store.ts";
import type { Unit } from "./unit.ts";

/** What a unit is likely to take, by earlier runs; undefined where there were none. */
export interface Cost {
  readonly seconds?: number;
  /** Of an experiment: what its shards took besides, together. */
  readonly shardSeconds?: number;
  readonly mib?: number;
}

/** The last run's cost, by what it left; of a shard that was never computed, the median of its siblings'. */
export function costOf(root: string, { job, shard }: Unit): Cost {
  if (!shard) return costBy(() => readArtifact(root, job)?.provenance);
  const own = costBy(() => readShard(root, shard));
  if (own.seconds !== undefined) return own;
  const siblings = job.shards.map((each) => costBy(() => readShard(root, each)));
  return { seconds: median(siblings.map(({ seconds }) => seconds)), mib: median(siblings.map(({ mib }) => mib)) };
}

function costBy(
  read: () => { seconds: number; shardSeconds?: number; environment: { peakMiB?: number } } | undefined,
): Cost {
  try {
    const found = read();
    return found ? { seconds: found.seconds, shardSeconds: found.shardSeconds, mib: found.environment.peakMiB } : {};
  } catch (error) {
    if (error instanceof ArtifactError) return {};
    throw error;
  }
}

function median(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  return known[Math.floor(known.length / 2)];
}
