import type { Quantity, Series } from "../../artifacts/tables.ts";
import { randomWeightsSeries } from "../support/random-models.ts";

/** What the charts of the lens say. */
export const quantityRows: Quantity[] = [
  {
    quantity: "kl",
    label: "KL to the end",
    unit: "nats",
    x: "depth",
    about: "KL of the final distribution from the one read at this depth; zero at the end by construction",
  },
  {
    quantity: "entropy",
    label: "Entropy",
    unit: "nats",
    x: "depth",
    about: "entropy of the distribution read at this depth",
  },
  {
    quantity: "cross-entropy",
    label: "Cross-entropy",
    unit: "nats",
    x: "depth",
    about: "mean −log p of the token that follows in the text, read at this depth",
  },
  {
    quantity: "agreement",
    label: "Agreement",
    unit: "share",
    x: "depth",
    about: "share of positions whose likeliest token at this depth is the final one; one at the end by construction",
  },
  {
    quantity: "log-rank",
    label: "Rank of the next token",
    unit: "ln(1 + rank)",
    x: "depth",
    about: "mean ln(1 + r), r the number of tokens put before the one that follows in the text",
  },
];

export const seriesRows: Series[] = [
  { series: "model", label: "the model", role: "measurement", about: "the trained weights, every depth" },
  randomWeightsSeries(
    "three seeds, each on a third of the documents, at some ten depths; its own final prediction is the reference",
  ),
  { series: "RE", label: "random blocks", role: "control", about: "the same with the trained embeddings kept" },
  {
    series: "trimmed",
    label: "without massive dimensions",
    role: "part",
    about: "massive dimensions of the stream at 0, the final stream apart; they are listed in table `massive`",
  },
  {
    series: "uniform",
    label: "even guess",
    role: "control",
    about: "the same chance for every token of the vocabulary",
  },
];
