import type { Quantity, Series } from "../../artifacts/tables.ts";
import { DEFINITIONS, type Definition } from "../units/score-units.ts";
import { SPACES, type Space } from "./fit.ts";

export const KINDS = ["tc", "sae"] as const;
export const SCORED_KINDS = [...KINDS, "units"] as const;
export const KIND_LABELS = { tc: "transcoder", sae: "autoencoder", units: "units of the MLP" } as const;
export const THIRDS = { early: "early block", middle: "middle block", late: "late block" } as const;
export type Third = keyof typeof THIRDS;
export const THIRD_NAMES = Object.keys(THIRDS) as Third[];

export const DEFINITION_LABELS: Record<Definition, string> = {
  clusters: "Contexts of two kinds",
  concept: "Unexplained by one concept",
  predictor: "Unexplained by one predictor",
};

const DRAWS =
  "bootstrap over documents, by the mean influence on a block's scores, and over the features of each block";
export const METHODS: Record<Definition, string> = {
  clusters: `probability that two of a feature's contexts lie in different clusters of word vectors from Brown, mean of its top and its middle contexts; ${DRAWS}`,
  concept: `1 − average precision beyond the base rate of the best concept, chosen on half of the documents and scored on the other, both ways; ${DRAWS}`,
  predictor: `1 − held-out R² of group means by the best single predictor, chosen and fitted on half of the documents and scored on the other, both ways; ${DRAWS}`,
};

export const SPACE_LABELS: Record<Space, string> = {
  standard: "standardised values",
  raw: "raw values",
  bare: "raw values without massive dimensions",
};

const TARGETS = { tc: "what the MLP adds", sae: "the residual stream" } as const;

export const QUANTITIES: Quantity[] = [
  ...SCORED_KINDS.flatMap((kind) =>
    DEFINITIONS.map((definition) => ({
      quantity: `${kind}-${definition}`,
      label: `${DEFINITION_LABELS[definition].toLowerCase()}: ${KIND_LABELS[kind]}`,
      unit: definition === "clusters" ? "probability" : "share",
      x: "block",
      about: `${METHODS[definition]}. 0 is a feature with one meaning.`,
    })),
  ),
  ...KINDS.flatMap((kind) => [
    ...SPACES.map((space) => ({
      quantity: `${kind}-explained-${space}`,
      label: `variance explained: ${KIND_LABELS[kind]}, ${SPACE_LABELS[space]}`,
      unit: "share",
      x: "block",
      about: `How much of the variance of ${TARGETS[kind]} it explains on documents that trained nothing.`,
    })),
    {
      quantity: `${kind}-recovered`,
      label: `loss recovered: ${KIND_LABELS[kind]}`,
      unit: "share",
      x: "block",
      about: `What it saves, in the place of ${TARGETS[kind]}, of the loss that the mean there costs.`,
    },
    {
      quantity: `${kind}-replaced`,
      label: `replacement score: ${KIND_LABELS[kind]}`,
      unit: "share",
      x: "block",
      about: `Share of positions whose likeliest token stays when it stands in for ${TARGETS[kind]}.`,
    },
  ]),
];

export const SERIES: Series[] = [
  { series: "model", label: "trained here", role: "measurement", about: "dictionaries of the model, or its units" },
  {
    series: "RW",
    label: "random weights",
    role: "control",
    about: "the same of the model with every matrix's entries permuted, gains kept; one seed",
  },
  {
    series: "RD",
    label: "random directions",
    role: "control",
    about: "the dictionary before training, scaled to fit best: as many directions, as few active",
  },
  { series: "SL", label: "another text", role: "control", about: "activations of another document: the ceiling" },
  {
    series: "MU",
    label: "the MLP's units",
    role: "control",
    about: "as many units of the block's MLP, or its largest",
  },
  { series: "MA", label: "the mean", role: "control", about: "the target's mean in its place" },
];
