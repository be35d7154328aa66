import type { LanguageModel } from "../../engine/run/language-model.ts";
import { random } from "../../statistics/random.ts";
import type { ExperimentContext } from "../experiment.ts";
import { randomModels, seedsFrom } from "../support/random-models.ts";
import { clusterScore, contextsOfUnit } from "../units/cluster-score.ts";
import { codebook, contextsOf } from "../units/codebook.ts";
import { collectUnits, sampleUnits, type UnitSample } from "../units/collect-units.ts";
import type { Positions } from "../units/concepts.ts";
import { keptPositions } from "../units/kept-positions.ts";
import { type ReadPassage, readPassages } from "../units/passage-positions.ts";
import { dealtAnew, oriented } from "../units/score-units.ts";
import { brownVectors } from "../units/word-vectors.ts";
import { dealtAmongTokens, dealtLabels, type Labels, labelsOf } from "./labels.ts";
import { leadsOf } from "./told-by.ts";
import type { LedUnit, LedUnits } from "./units-report.ts";

export interface UnitParameters {
  /** As unit-polysemanticity has them, so that passages and units are the same. */
  readonly unitsSeed: number;
  readonly documentsEachBlock: number;
  readonly passageTokens: number;
  readonly lookDocuments: number;
  readonly sampledUnits: number;
  /** Tokens of each passage that are read here. */
  readonly tokens: number;
  /** Of the sampled units one of so many is scored. */
  readonly each: number;
  readonly controlUnits: number;
  readonly randomSeeds: number;
  readonly documentsEachContext: number;
  readonly codebook: number;
  readonly vectorWords: number;
  readonly vectorDimensions: number;
  readonly least: number;
  /** Of the scored units one of so many is read on activations of another document. */
  readonly checkedEach: number;
}

interface Yardstick {
  readonly positions: Positions;
  readonly labels: readonly Labels[];
  readonly dealt: readonly Labels[];
  readonly clusters: Int16Array;
  readonly contexts: number;
}

/** What spelling and meaning tell of sampled units, of the model and of models with random weights. */
export async function ledUnits(
  context: ExperimentContext,
  parameters: UnitParameters,
  progress: (share: number, what: string) => void,
): Promise<LedUnits> {
  const { model, tokenizer, signal } = context;
  const { unitsSeed, tokens, sampledUnits, randomSeeds } = parameters;
  const blocks = model.config.nLayers;
  const whole = Math.min(parameters.passageTokens, model.config.maxPositions);
  const passages = readPassages(tokenizer, parameters.documentsEachBlock * blocks, whole, unitsSeed);
  const looks = lookOf(passages, parameters.lookDocuments);
  const short = passages.map((each) => ({
    ...each,
    ids: each.ids.slice(0, tokens),
    places: each.places.slice(0, tokens - 1),
  }));
  const sequences = short.map(({ ids }) => ids);
  const sample = thinned(await sampleUnits(model, looks, sampledUnits, 1, unitsSeed, signal), parameters.each);
  const own = await collectUnits(model, sequences, sample, false, (s) => progress(0.25 * s, "units"), signal);
  const yardstick = yardstickOf(short, own.norms, parameters, context);
  const order = random(unitsSeed).shuffle([...short.keys()]);
  const found = { model: [] as LedUnit[], RW: [] as LedUnit[], SL: [] as LedUnit[] };
  own.units.forEach((of, block) => {
    progress(0.25 + (0.25 * block) / blocks, "what tells units");
    of.forEach((values, u) => {
      const turned = oriented(values).values;
      found.model.push(scored(turned, block, yardstick));
      if (u % parameters.checkedEach === 0) {
        const elsewhere = dealtAnew(turned, order, yardstick.positions.length);
        found.SL.push({ block, leads: leadsOf(elsewhere, yardstick.labels, yardstick.dealt, yardstick.positions) });
      }
    });
  });
  for await (const { model: control, turn } of randomModels(context, "permuted", seedsFrom(unitsSeed, randomSeeds))) {
    const at = (share: number) => progress(0.5 + (0.5 * (turn + share)) / randomSeeds, "units of random weights");
    found.RW.push(...(await ofRandom(control, looks, sequences, yardstick, parameters, signal, at)));
  }
  return found;
}

async function ofRandom(
  model: LanguageModel,
  looks: readonly (readonly number[])[],
  sequences: readonly (readonly number[])[],
  { positions, labels, dealt }: Yardstick,
  { controlUnits, unitsSeed, tokens }: UnitParameters,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<LedUnit[]> {
  const beginnings = looks.map((ids) => ids.slice(0, tokens));
  const sample = await sampleUnits(model, beginnings, controlUnits, 1, unitsSeed, signal);
  const { units } = await collectUnits(model, sequences, sample, false, progress, signal);
  return units.flatMap((of, block) =>
    of.map((values) => ({ block, leads: leadsOf(oriented(values).values, labels, dealt, positions) })),
  );
}

function scored(values: Float32Array, block: number, yardstick: Yardstick): LedUnit {
  const { positions, labels, dealt, clusters, contexts } = yardstick;
  const of = contextsOfUnit(values, positions, (position) => clusters[position]! >= 0, contexts);
  return {
    block,
    leads: leadsOf(values, labels, dealt, positions),
    mixed: clusterScore(of, clusters, positions).value,
  };
}

function yardstickOf(
  passages: readonly ReadPassage[],
  norms: Float64Array,
  { least, vectorWords, vectorDimensions, documentsEachContext, codebook: size, unitsSeed: seed }: UnitParameters,
  { tokenizer }: ExperimentContext,
): Yardstick {
  const positions = keptPositions(passages.length, norms, seed);
  const vectors = brownVectors({ words: vectorWords, contexts: 2000, window: 5, dimensions: vectorDimensions, seed });
  const alone = passages.map((each) => ({ ...each, places: each.places.map((place) => ({ ...place, before: [] })) }));
  const clusters = {
    word: codebook(contextsOf(alone, vectors, vectorDimensions), size, seed),
    context: codebook(contextsOf(passages, vectors, vectorDimensions), size, seed + size),
  };
  const places = passages.flatMap((each) => each.places);
  const labels = labelsOf(places, (token) => tokenizer.token(token), clusters, positions, least);
  const from = dealtAmongTokens(
    places.map(({ token }) => token),
    random(seed),
  );
  return {
    positions,
    labels,
    dealt: dealtLabels(labels, from),
    clusters: clusters.context,
    contexts: Math.floor(passages.length / documentsEachContext),
  };
}

/** The documents of the first look, chosen as unit-polysemanticity does. */
function lookOf(passages: readonly ReadPassage[], count: number): (readonly number[])[] {
  const step = Math.max(1, Math.floor(passages.length / count));
  return passages
    .filter((_, i) => i % step === 0)
    .slice(0, count)
    .map(({ ids }) => ids);
}

const thinned = (sample: UnitSample, each: number): UnitSample => ({
  ...sample,
  units: sample.units.map((of) => of.filter((_, i) => i % each === 0)),
  rates: sample.rates.map((of) => of.filter((_, i) => i % each === 0)),
});
