import type { Shard } from "../experiment.ts";
import type { YardstickSettings } from "./feature-scores.ts";
import type { Training } from "./training.ts";

/** What a shard is told. */
export type Settings = Shard["parameters"] & {
  readonly weights: "trained" | "random";
  /** Which block, as a share of the model's. */
  readonly share: number;
  /** Of the text, the sample of features and the random weights. */
  readonly seed: number;
  /** Of dictionaries; all but the first only to see which features come back. */
  readonly dictionarySeeds: readonly number[];
  readonly documents: number;
  readonly tokens: number;
  /** Every so-manyth document is scored and trains nothing. */
  readonly heldOutEach: number;
  readonly expansion: number;
  /** Active features, one for so many dimensions of the stream. */
  readonly dimensionsEachCode: number;
  readonly training: Training & Readonly<Record<string, number>>;
  readonly yardstick: YardstickSettings & Readonly<Record<string, number>>;
  readonly units: number;
  /** A feature is scored that fires in so many documents, as a share of them. */
  readonly leastDocuments: number;
  readonly checkedEach: number;
  readonly lossDocuments: number;
  readonly lossTokens: number;
  /** Two features are the same from this cosine on. */
  readonly sameFrom: number;
};
