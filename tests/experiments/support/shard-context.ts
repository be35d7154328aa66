import { train } from "../../../pipeline/engine/train/train.ts";
import type { ShardContext } from "../../../pipeline/experiments/experiment.ts";
import { nodeRuntime } from "../../../pipeline/runtime/node-runtime.ts";

/** What a shard is handed where it trains networks of its own; nothing is kept on the disk. */
export function shardContext(): ShardContext {
  const runtime = nodeRuntime({ threads: 1 });
  const none = (what: string) => (): never => {
    throw new Error(`A shard of families has no ${what}.`);
  };
  return {
    get model() {
      return none("model")();
    },
    get tokenizer() {
      return none("tokenizer")();
    },
    randomWeights: none("random weights"),
    prompts: none("prompts"),
    runtime,
    train: (_name, { task, batches, recipe }) => train(task, batches, recipe, runtime),
    progress: () => {},
    signal: new AbortController().signal,
  };
}
