import { random } from "../../statistics/random.ts";
import { lookAt, stratifiedByRate } from "../tiers/unit-sample.ts";
import { clusterScore, contextsOfUnit } from "../units/cluster-score.ts";
import { codebook, contextsOf } from "../units/codebook.ts";
import { conceptScore } from "../units/concept-score.ts";
import { conceptsOf } from "../units/concepts.ts";
import { keptPositions } from "../units/kept-positions.ts";
import type { ReadPassage } from "../units/passage-positions.ts";
import { predictorScore } from "../units/predictor-score.ts";
import { DEFINITIONS, type Definition, dealtAnew, oriented, type Yardstick } from "../units/score-units.ts";
import { brownVectors } from "../units/word-vectors.ts";
import { activationsOf, type Codes } from "./codes.ts";
import type { Rows } from "./collect.ts";

export interface YardstickSettings {
  /** A concept is kept that stands at so many positions of each half. */
  readonly least: number;
  readonly clusters: number;
  readonly vectorWords: number;
  readonly vectorDimensions: number;
  /** A feature is told by one context of each sort for so many documents. */
  readonly documentsEachContext: number;
}

/**
 * What features are scored against, as units are in unit-polysemanticity: halves of the documents, concepts, clusters.
 * @param norms length of the residual stream at each position, passage after passage
 */
export function yardstickOf(
  passages: readonly ReadPassage[],
  norms: Float64Array,
  show: (token: number) => string,
  { least, clusters, vectorWords, vectorDimensions, documentsEachContext }: YardstickSettings,
  seed: number,
): Yardstick {
  const positions = keptPositions(passages.length, norms, seed);
  const vectors = brownVectors({ words: vectorWords, contexts: 2000, window: 5, dimensions: vectorDimensions, seed });
  const around = contextsOf(passages, vectors, vectorDimensions);
  return {
    positions,
    concepts: conceptsOf(passages, positions, least, show),
    codebooks: [{ name: `${clusters}`, clusters: codebook(around, clusters, seed + clusters) }],
    contexts: Math.floor(passages.length / documentsEachContext),
  };
}

/** One scored feature or unit. */
export interface FeatureRow {
  readonly series: string;
  readonly feature: number;
  /** Share of the positions at which it fires. */
  readonly rate: number;
  readonly clusters: number;
  readonly concept: number;
  readonly predictor: number;
  /** The concept that was chosen on the first half. */
  readonly best: string;
}

/** A series' mean derivative of each score by every document's weight. */
export interface InfluenceRow {
  readonly series: string;
  readonly definition: Definition;
  /** [documents] */
  readonly influence: Float64Array;
}

export interface ScoredSeries {
  readonly features: FeatureRow[];
  readonly influences: InfluenceRow[];
}

interface Candidate {
  readonly feature: number;
  readonly rate: number;
  readonly values: Float32Array;
}

/** Scores candidates, all of one series. */
export function scoreSeries(series: string, candidates: readonly Candidate[], yardstick: Yardstick): ScoredSeries {
  const { documents } = yardstick.positions;
  const sums = DEFINITIONS.map(() => new Float64Array(documents));
  const features = candidates.map(({ feature, rate, values }): FeatureRow => {
    const { concepts, ...scores } = scoreFeature(values, yardstick);
    DEFINITIONS.forEach((definition, i) => {
      scores[definition].influence.forEach((x, d) => {
        sums[i]![d]! += x / candidates.length;
      });
    });
    const { kind, label } = yardstick.concepts.labels[concepts[0]]!;
    return {
      series,
      feature,
      rate,
      clusters: scores.clusters.value,
      concept: scores.concept.value,
      predictor: scores.predictor.value,
      best: `${kind}: ${label}`,
    };
  });
  return {
    features,
    influences: DEFINITIONS.map((definition, i) => ({ series, definition, influence: sums[i]! })),
  };
}

/** The three scores of one feature, as of a unit. */
function scoreFeature(values: Float32Array, { positions, concepts, codebooks, contexts }: Yardstick) {
  const { clusters } = codebooks[0]!;
  const concept = conceptScore(values, positions, concepts);
  return {
    clusters: clusterScore(
      contextsOfUnit(values, positions, (i) => clusters[i]! >= 0, contexts),
      clusters,
      positions,
    ),
    concept,
    predictor: predictorScore(values, positions, concepts),
    concepts: concept.concepts,
  };
}

/** How many features fire at all, and how many in documents enough to be scored. */
export interface Liveness {
  readonly features: number;
  readonly firing: number;
  readonly scorable: number;
}

/**
 * Features to score: `count` of those that fire in at least `documents` documents of those scored, evenly over firing
 * rates. A feature that fires in fewer would be told by contexts in which it is silent.
 */
export function featuresToScore(
  codes: Codes,
  { positions }: Yardstick,
  count: number,
  documents: number,
  seed: number,
): { candidates: Candidate[]; liveness: Liveness } {
  const { k, features, values, at } = codes;
  const rates = new Float64Array(features);
  const last = new Int32Array(features).fill(-1);
  const found = new Int32Array(features);
  const kept = positions.ofHalf[0].length + positions.ofHalf[1].length;
  at.forEach((feature, c) => {
    const row = Math.floor(c / k);
    if (values[c]! <= 0 || !positions.kept[row]) return;
    rates[feature]! += 1 / kept;
    const document = Math.floor(row / positions.length);
    if (last[feature] !== document) found[feature]!++;
    last[feature] = document;
  });
  const scorable = Float64Array.from(found, (seen) => Number(seen >= documents));
  const total = scorable.reduce((sum, is) => sum + is, 0);
  const look = { means: rates, deviations: scorable, rates };
  const chosen = stratifiedByRate(look, Math.min(count, total), random(seed));
  const activations = activationsOf(codes, chosen);
  return {
    candidates: Array.from(chosen, (feature, i) => ({ feature, rate: rates[feature]!, values: activations[i]! })),
    liveness: { features, firing: found.reduce((sum, seen) => sum + Number(seen > 0), 0), scorable: total },
  };
}

/** As many units of the MLP, evenly over firing rates, each turned to the side of its larger tail. */
export function unitsToScore({ data, width }: Rows, count: number, seed: number): Candidate[] {
  const look = lookAt(data, width);
  const rows = data.length / width;
  return Array.from(stratifiedByRate(look, count, random(seed)), (unit) => ({
    feature: unit,
    rate: look.rates[unit]!,
    values: oriented(Float32Array.from({ length: rows }, (_, row) => data[row * width + unit]!)).values,
  }));
}

/** Every `each`-th of the candidates, with its activations on other documents. */
export function dealtOut(
  candidates: readonly Candidate[],
  { positions }: Yardstick,
  each: number,
  seed: number,
): Candidate[] {
  const order = random(seed).shuffle([...Array(positions.documents).keys()]);
  return candidates
    .filter((_, i) => i % each === 0)
    .map((candidate) => ({ ...candidate, values: dealtAnew(candidate.values, order, positions.length) }));
}
