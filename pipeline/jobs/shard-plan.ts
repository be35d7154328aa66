import type { ModelCard } from "../artifacts/content/model-card.ts";
import { type Input, slug } from "../artifacts/schema.ts";
import { readShard, type ShardAddress } from "../artifacts/shard-store.ts";
import type { Experiment, Shard } from "../experiments/experiment.ts";
import { inputsOf, keyOf } from "./key.ts";
import type { Plan } from "./plan.ts";
import { changedInputs, type Standing, standing } from "./stale.ts";

/** One piece of an experiment on one subject. */
export interface ShardJob extends ShardAddress, Standing {
  readonly file: string;
  readonly code: Shard;
  readonly inputs: readonly Input[];
  /** Where it is fresh, the key by which it was computed, though a key of now might cover less: gathering depends on it. */
  readonly key: string;
}

/** Every piece of an experiment, in the order in which it wants them. Throws on ids that are no slugs or come twice. */
export function shardsOf(
  root: string,
  experiment: Experiment,
  subject: string,
  card: ModelCard | undefined,
  prompts: Plan["prompts"],
): ShardJob[] {
  if (!experiment.shards) return [];
  const { file } = experiment.shards;
  const seen = new Set<string>();
  return experiment.shards.list(experiment.parameters).map((code): ShardJob => {
    if (!slug.safeParse(code.id).success || seen.has(code.id))
      throw new Error(
        `pipeline/experiments/${experiment.id}.ts: shards: expected ids of lower-case words joined by hyphens, each once; found "${code.id}".`,
      );
    seen.add(code.id);
    const address = { model: subject, experiment: experiment.id, shard: code.id };
    const keyed = { file, parameters: code.parameters, inputs: experiment.inputs, trains: true };
    const inputs = inputsOf(root, keyed, card, prompts);
    let key = keyOf(`${experiment.id}/${code.id}`, subject, inputs);
    const stands = standing(() => {
      const found = readShard(root, address);
      if (!found) return { changes: ["not computed yet"] };
      const changes = changedInputs(root, found.inputs, inputs);
      if (changes.length === 0) key = found.key;
      return { changes };
    });
    return { ...address, file, code, inputs, key, ...stands };
  });
}
