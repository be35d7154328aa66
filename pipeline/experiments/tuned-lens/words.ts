import type { Series } from "../../artifacts/tables.ts";
import { randomWeightsSeries } from "../support/random-models.ts";

/** What the charts of the tuned lens draw; its quantities are the logit lens's. */
export const seriesRows: Series[] = [
  {
    series: "model",
    label: "trained maps",
    role: "measurement",
    about: "affine maps trained on KL from the closed form on, sampled depths",
  },
  { series: "closed", label: "closed form", role: "part", about: "affine maps by ridge regression, every depth" },
  { series: "logit", label: "logit lens", role: "part", about: "the model's own read-out on the same tokens" },
  {
    series: "trimmed",
    label: "without massive dimensions",
    role: "part",
    about: "maps in closed form that see the stream with its massive dimensions at 0; table `massive` lists them",
  },
  randomWeightsSeries(
    "three seeds, each tested on a third of the documents, with maps in closed form of their own; sampled depths",
  ),
  {
    series: "SL",
    label: "paired at random",
    role: "control",
    about: "maps in closed form fitted with each state meeting the final state of another position",
  },
  {
    series: "uniform",
    label: "even guess",
    role: "control",
    about: "the same chance for every token of the vocabulary",
  },
];
