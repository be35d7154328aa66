import type { Estimate, Table } from "../../artifacts/schema.ts";
import type { CurvePoint, Quantity, Series } from "../../artifacts/tables.ts";
import { column } from "../support/column.ts";
import type { AlignedUnit } from "./align-units.ts";
import type { Concepts } from "./concepts.ts";
import {
  contrastEstimates,
  contrastOf,
  type DepthCurve,
  type DrawOptions,
  depthCurve,
  matchedContrast,
  pointsOf,
} from "./depth-contrasts.ts";
import { DESCRIBED, DESCRIBED_WORDS, describedCurves } from "./list-curves.ts";
import { DEFINITIONS, type Definition, type ScoredUnit, SENTENCES, type UnitSeries } from "./score-units.ts";

export interface UnitCurves {
  readonly points: CurvePoint[];
  readonly of: Readonly<Record<Definition, Readonly<Record<keyof UnitSeries, DepthCurve>>>>;
  readonly alignment: DepthCurve;
  readonly described: Readonly<Record<(typeof DESCRIBED)[number], DepthCurve>>;
  /** By clusters, under the further codebooks, by their names. */
  readonly byCodebook: ReadonlyMap<string, DepthCurve>;
}

export function unitCurves(
  series: UnitSeries,
  alignment: readonly AlignedUnit[],
  concepts: Concepts,
  blocks: number,
  options: DrawOptions,
): UnitCurves {
  const names = Object.keys(series) as (keyof UnitSeries)[];
  const of = Object.fromEntries(
    DEFINITIONS.map((definition) => [
      definition,
      Object.fromEntries(
        names.map((name) => [
          name,
          depthCurve(
            series[name].map(({ block, scores }) => ({ block, score: scores[definition] })),
            blocks,
            options,
          ),
        ]),
      ),
    ]),
  ) as UnitCurves["of"];
  const further = [...series.model[0]!.byCodebook.keys()].map((name) => {
    const scores = series.model.map(({ block, byCodebook }) => ({ block, score: byCodebook.get(name)! }));
    return [name, depthCurve(scores, blocks, options)] as const;
  });
  const aligned = depthCurve(alignment, blocks, options);
  const described = describedCurves(series, concepts, blocks, options);
  const points = DEFINITIONS.flatMap((definition) =>
    names.flatMap((name) => pointsOf(of[definition][name], definition, name)),
  );
  return {
    points: [
      ...points,
      ...pointsOf(aligned, "alignment", "model"),
      ...DESCRIBED.flatMap((quantity) => pointsOf(described[quantity], quantity, "model")),
    ],
    of,
    alignment: aligned,
    described,
    byCodebook: new Map(further),
  };
}

const LABELS: Record<Definition, string> = {
  clusters: "Contexts of two kinds",
  concept: "Unexplained by one concept",
  predictor: "Unexplained by one predictor",
};
const clustersMethod = (codebook: string): string =>
  `probability that two of a unit's contexts lie in different clusters of a codebook of ${codebook}, mean of its top and its middle contexts, each of another document`;
const METHODS: Record<Definition, string> = {
  clusters: clustersMethod("word vectors from Brown"),
  concept:
    "1 − average precision beyond the base rate of the best concept, chosen on half of the documents and scored on the other, both ways",
  predictor:
    "1 − held-out R² of group means by the best single predictor, fitted on half of the documents and scored on the other, both ways; predictor chosen on the other half",
};
/** How the score under a further codebook is told from the one that counts. */
const furtherWords = (name: string) =>
  name === SENTENCES
    ? {
        words: "by an encoder of sentences",
        method: clustersMethod("encoded stretches of sixteen tokens (Universal Sentence Encoder, lite)"),
      }
    : { words: `with a codebook of ${name}`, method: METHODS.clusters };
const DRAWS = "bootstrap over documents, by each score's influence function, and over the units of each block";
const CONTROLS = [
  { code: "rw", series: "RW", words: "random weights" },
  { code: "re", series: "RE", words: "random blocks with the trained embeddings" },
  { code: "rb", series: "RB", words: "random directions of standardised activations" },
  { code: "bs", series: "BS", words: "units read with the other sign" },
] as const;
const THIRDS = { early: "first third of the blocks", middle: "middle third", late: "last third" } as const;
const CONTRASTS = {
  "early-minus-middle": "first third minus middle third",
  "early-minus-late": "first third minus last third",
} as const;

/** Every estimate: the level of each third against chance, the two contrasts against each control and matched in rate, and how linear units are. */
export function unitEstimates(
  { of, alignment, described, byCodebook }: UnitCurves,
  { model }: UnitSeries,
  blocks: number,
  { rateBins }: { readonly rateBins: number },
  options: DrawOptions,
): Estimate[] {
  const unit = "";
  const found = DEFINITIONS.flatMap((definition) => {
    const curves = of[definition];
    const method = `${METHODS[definition]}; ${DRAWS}`;
    const thirds = (["early", "middle", "late"] as const).flatMap((third) =>
      contrastEstimates(
        contrastOf(curves.model, third),
        [{ code: "sl", words: "activations of another document", draws: contrastOf(curves.SL, third) }],
        { id: `${definition}-${third}`, label: `${LABELS[definition]}, ${THIRDS[third]}`, unit, method },
      ),
    );
    const contrasts = (["early-minus-middle", "early-minus-late"] as const).flatMap((contrast) => {
      const words = {
        id: `${definition}-${contrast}`,
        label: `${LABELS[definition]}, ${CONTRASTS[contrast]}`,
        unit,
        method,
      };
      const controls = CONTROLS.map(({ series, ...control }) => ({
        ...control,
        draws: contrastOf(curves[series], contrast),
      }));
      const units = model.map(({ block, rate, scores }) => ({ block, rate, score: scores[definition] }));
      const matched = matchedContrast(units, blocks, contrast, rateBins, options);
      return [
        ...contrastEstimates(contrastOf(curves.model, contrast), controls, words),
        ...contrastEstimates(matched, [], {
          ...words,
          id: `${words.id}-matched`,
          label: `${words.label}, units matched in firing rate`,
          method: `${method}; compared within ${rateBins} bins of firing rate`,
        }),
        ...contrastEstimates(contrastOf(curves.ST, contrast), [], {
          ...words,
          id: `${words.id}-short`,
          label: `${words.label}, on the stretch that random weights read`,
          method: `${method}; a fifth of the units, on the first tokens of each document`,
        }),
      ];
    });
    return [...thirds, ...contrasts];
  });
  const stable = [...byCodebook].flatMap(([name, curve]) => {
    const { words, method } = furtherWords(name);
    return (["early-minus-middle", "early-minus-late"] as const).flatMap((contrast) =>
      contrastEstimates(contrastOf(curve, contrast), [], {
        id: `clusters-${name}-${contrast}`,
        label: `${LABELS.clusters}, ${CONTRASTS[contrast]}, ${words}`,
        unit,
        method: `${method}; ${DRAWS}`,
      }),
    );
  });
  const linear = (["early", "middle", "late"] as const).flatMap((third) =>
    contrastEstimates(contrastOf(alignment, third), [], {
      id: `alignment-${third}`,
      label: `Activation proportional to one reading of the input, ${THIRDS[third]}`,
      unit: "R²",
      method: `held-out R² of a line on the gate's or the linear part's reading, the better one chosen on the other half; ${DRAWS}`,
    }),
  );
  const list = DESCRIBED.flatMap((quantity) =>
    (["early", "middle", "late"] as const).flatMap((third) =>
      contrastEstimates(contrastOf(described[quantity], third), [], {
        id: `${quantity}-${third}`,
        label: `${DESCRIBED_WORDS[quantity].label}, ${THIRDS[third]}`,
        unit: "share of units",
        method: `${DESCRIBED_WORDS[quantity].about} Bootstrap over the units of each block`,
      }),
    ),
  );
  return [...found, ...stable, ...linear, ...list];
}

export const QUANTITIES: Quantity[] = [
  ...DEFINITIONS.map((definition) => ({
    quantity: definition,
    label: LABELS[definition].toLowerCase(),
    unit: definition === "clusters" ? "probability" : "share",
    x: "block",
    about: `${METHODS[definition]}. 0 is a unit with one meaning.`,
  })),
  {
    quantity: "alignment",
    label: "proportional to one reading",
    unit: "R²",
    x: "block",
    about: "How much of a unit's activation a line on one linear reading of its input explains, held out.",
  },
  ...DESCRIBED.map((quantity) => ({
    quantity,
    label: DESCRIBED_WORDS[quantity].label.toLowerCase(),
    unit: "share",
    x: "block",
    about: DESCRIBED_WORDS[quantity].about,
  })),
];

export const SERIES: Series[] = [
  {
    series: "model",
    label: "units",
    role: "measurement",
    about: "sampled units, read with the sign of their larger tail",
  },
  { series: "BS", label: "other sign", role: "control", about: "a fifth of the same units, read the other way up" },
  {
    series: "RB",
    label: "rotated basis",
    role: "control",
    about: "random directions of the block's standardised activations",
  },
  {
    series: "RW",
    label: "random weights",
    role: "control",
    about: "units of three models with every matrix's entries permuted, gains kept, on the beginnings of the passages",
  },
  {
    series: "RE",
    label: "random blocks",
    role: "control",
    about: "the same with the trained embeddings kept; one model",
  },
  {
    series: "SL",
    label: "another text",
    role: "control",
    about: "a fifth of the units, with their activations on another document: what random positions give, the ceiling",
  },
  {
    series: "ST",
    label: "short stretch",
    role: "part",
    about: "a fifth of the units, on the beginnings that the models with random weights read",
  },
];

/** One row for each unit of the model. */
export function unitsTable(
  units: readonly ScoredUnit[],
  alignment: readonly AlignedUnit[],
  { labels }: Concepts,
): Table {
  return {
    title: "Units",
    columns: [
      column("block", "integer", "", "block"),
      column("unit", "integer", "", "number of the unit in its block"),
      column("rate", "number", "", "share of tokens at which it fires"),
      ...DEFINITIONS.map((definition) => column(definition, "number", "", METHODS[definition])),
      column("alignment", "number", "", "held-out R² of a line on one reading of its input"),
      column("concept", "string", "", "the concept chosen on the first half"),
    ],
    rows: units.map(({ block, unit, rate, scores, concepts }, i) => {
      const { kind, label } = labels[concepts[0]]!;
      return [
        block,
        unit,
        rate,
        ...DEFINITIONS.map((definition) => scores[definition].value),
        alignment[i]!.score.value,
        `${kind}: ${label}`,
      ];
    }),
  };
}
