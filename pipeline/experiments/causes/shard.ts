import type { RunShard, Shard, Tables } from "../experiment.ts";
import { type Item, lemmaItems } from "../senses/items.ts";
import { measureNoun } from "./measure-nouns.ts";
import { nounTable } from "./noun-table.ts";
import { otherKeys, sensePairs } from "./sense-pairs.ts";

export type NounSettings = Shard["parameters"] & {
  readonly noun: string;
  readonly seed: number;
  readonly pairs: number;
  readonly folds: number;
  readonly penalty: number;
  readonly depthShare: number;
};

/** Every effect at one noun; an empty set of tables where this tokenizer leaves the noun no pair of sentences. */
export const runShard: RunShard<NounSettings> = async (context, settings) => {
  const { noun, seed, pairs: count, folds, penalty, depthShare } = settings;
  const set = context.prompts("senses");
  if (set.kind !== "senses") throw new Error(`Prompt set "senses" should be of kind senses; found ${set.kind}.`);
  const prompts = set.lemmas.find(({ lemma }) => lemma === noun);
  if (!prompts)
    throw new Error(`content/prompts/senses.yaml: expected the noun "${noun}", which sense-causes asks for.`);
  const lemma = lemmaItems(prompts, context.tokenizer);
  const comparable = (item: Item) => otherKeys(item).length === item.cueTokens;
  const pairs = sensePairs([lemma], count, seed).filter(({ items }) => items.every((i) => comparable(lemma.items[i]!)));
  const none: Tables = {};
  if (pairs.length === 0) return none;
  const { model, signal, progress } = context;
  const options = { depthShare, folds, probe: { penalty }, seed, signal, progress };
  return { effects: nounTable(await measureNoun(model, lemma, pairs, options)) };
};
