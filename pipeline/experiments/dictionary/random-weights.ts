import { architectureOf } from "../../engine/architectures/index.ts";
import { createLanguageModel } from "../../engine/run/create-language-model.ts";
import type { LanguageModel } from "../../engine/run/language-model.ts";
import { packed } from "../../engine/run/packed.ts";
import { permuteWeights } from "../../engine/run/weights.ts";
import type { Runtime } from "../../engine/runtime.ts";
import { random } from "../../statistics/random.ts";

/**
 * The control RW for a shard, which is handed the model alone: the same model with the entries of every matrix permuted,
 * gains kept. Release it when done.
 */
export async function withRandomWeights(model: LanguageModel, runtime: Runtime, seed: number): Promise<LanguageModel> {
  const { config } = model;
  const tensors = new Map<string, Awaited<ReturnType<LanguageModel["parameter"]>>>();
  for (const { hub } of architectureOf(config.architecture).tensors(config))
    tensors.set(hub, await model.parameter(hub));
  const own = { ...packed("weights", tensors), read: (name: string) => model.parameter(name) };
  const { int } = random(seed);
  return createLanguageModel(`${model.id}:permuted:${seed}`, config, await permuteWeights(own, int), runtime);
}
