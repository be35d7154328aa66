import type { Table } from "../../artifacts/schema.ts";
import { column } from "../support/column.ts";
import type { Blocks } from "./score-estimates.ts";
import { THIRD_NAMES } from "./words.ts";

const THIRD = column("third", "string", "", "early, middle or late block");
const placed = [column("weights", "string", "", "the model's, or random ones"), THIRD];

/** Every block of the model and of the one with random weights, with its third. */
const all = (trained: Blocks, random: Blocks) =>
  [
    ["trained", trained],
    ["random", random],
  ].flatMap(([weights, blocks]) =>
    (blocks as Blocks).map((found, i) => ({ weights: weights as string, third: THIRD_NAMES[i]!, found })),
  );

/** One row for each count of each block, and for each dictionary as a whole. */
export const dictionariesTable = (trained: Blocks, random: Blocks): Table => ({
  title: "Dictionaries",
  columns: [...placed, column("what", "string", "", "what is counted"), column("value", "number", "", "how many")],
  rows: all(trained, random).flatMap(({ weights, third, found }) => [
    ...found.counts.map(({ what, value }) => [weights, third, what, value]),
    ...found.dictionaries.flatMap(({ series, features, firing, scorable, active }) => [
      [weights, third, `${series}: features`, features],
      [weights, third, `${series}: features that fire`, firing],
      [weights, third, `${series}: features that can be scored`, scorable],
      [weights, third, `${series}: codes above 0 a position`, active],
    ]),
  ]),
});

/** One row for each scored feature or unit of the model; those of random weights stay in the shards. */
export const featuresTable = (trained: Blocks): Table => ({
  title: "Features",
  columns: [
    THIRD,
    column(
      "series",
      "string",
      "",
      "tc transcoder, sae autoencoder, units; -rd random directions, -sl another document's activations",
    ),
    column("feature", "integer", "", "its number"),
    column("rate", "number", "", "share of positions at which it fires"),
    column("clusters", "number", "", "score by clusters of contexts"),
    column("concept", "number", "", "score by one concept"),
    column("predictor", "number", "", "score by one predictor"),
    column("best", "string", "", "the concept chosen on the first half"),
  ],
  rows: trained.flatMap(({ features }, i) =>
    features.map(({ series, feature, rate, clusters, concept, predictor, best }) => [
      THIRD_NAMES[i]!,
      series,
      feature,
      rate,
      clusters,
      concept,
      predictor,
      best,
    ]),
  ),
});
