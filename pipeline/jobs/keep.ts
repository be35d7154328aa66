import { type MovedEstimate, movedEstimates } from "../artifacts/diff.ts";
import { changeOf } from "../artifacts/history.ts";
import { readShard, type ShardResult, writeShard } from "../artifacts/shard-store.ts";
import { readUndamaged } from "../artifacts/store.ts";
import { writeArtifact } from "../artifacts/writer.ts";
import type { Job, Plan } from "./plan.ts";
import { registeredPredictions } from "./registered.ts";
import type { Fresh } from "./run-experiment.ts";
import { forgetUnfinished } from "./run-shard.ts";

/** Writes a shard to its place; the checkpoints of its trainings go. Throws as `writeShard`. */
export function keepShard(root: string, result: ShardResult): void {
  writeShard(root, result);
  forgetUnfinished(root, result);
}

/**
 * Writes what an experiment gave to its place, with the predictions that it registers and what moved by it. Returns the
 * estimates that moved. In the place of a damaged artifact nothing is registered: nobody can tell what had been shown.
 * Throws as `writeArtifact`.
 */
export function keepArtifact(root: string, plan: Plan, job: Job, fresh: Fresh): MovedEstimate[] {
  const previous = readUndamaged(root, job);
  const predictions = job.damaged
    ? {}
    : registeredPredictions(plan.notes, job.experiment, fresh.result.estimates, previous);
  const artifact = { ...fresh, provenance: { ...fresh.provenance, ...shardSeconds(root, job), predictions } };
  const others = (experiment: string) => readUndamaged(root, { model: job.model, experiment });
  writeArtifact(root, artifact, () => changeOf(plan.notes, previous, artifact, others, job.changes));
  return movedEstimates(previous?.result, fresh.result);
}

/** What the shards took together; nothing where there are none, or one is not kept here: a part of a sum says nothing. */
function shardSeconds(root: string, { shards }: Job): { shardSeconds?: number } {
  const each = shards.map((shard) => readShard(root, shard)?.seconds);
  const known = each.filter((seconds) => seconds !== undefined);
  return known.length === 0 || known.length < each.length
    ? {}
    : { shardSeconds: known.reduce((sum, seconds) => sum + seconds, 0) };
}
