import type { Json } from "../../engine/train/task.ts";
import type { ShardContext } from "../experiment.ts";
import type { Yardstick } from "../units/score-units.ts";
import { type Codes, codesOf } from "./codes.ts";
import type { Rows } from "./collect.ts";
import { dealtOut, featuresToScore, scoreSeries } from "./feature-scores.ts";
import { fitOf, fitted } from "./fit.ts";
import type { Found } from "./rows.ts";
import type { Scale } from "./scale.ts";
import type { Settings } from "./settings.ts";
import { dictionarySplice, type Splice } from "./splice.ts";
import { nearestCosines } from "./stability.ts";
import { type Lesson, lessonPlan, lessonTask, untrained, type Weights } from "./training.ts";

export type Kind = "sae" | "tc";

/** Standardised values of one point: those that teach, those that are scored. */
export interface Side {
  readonly scale: Scale;
  readonly lessons: Rows;
  readonly scored: Rows;
  readonly massive: ReadonlySet<number>;
}

/** What a dictionary stands in for, and what it reads. */
export interface Material {
  readonly at: string;
  readonly from: string;
  readonly read: Side;
  readonly written: Side;
}

interface Measures {
  readonly features: number;
  readonly k: number;
  readonly kept: Uint8Array;
  readonly yardstick: Yardstick;
  /** Says which rows these are. */
  readonly origin: Json;
}

/** Trains one kind of dictionary, scores its features and those of its random start, and says what stands in for what. */
export async function makeDictionary(
  { train, runtime }: Pick<ShardContext, "train" | "runtime">,
  kind: Kind,
  { at, from, read, written }: Material,
  { features, k, kept, yardstick, origin }: Measures,
  settings: Settings,
  progress: (share: number) => void,
): Promise<{ readonly found: Found; readonly splices: Readonly<Record<string, Splice>> }> {
  const { seed, dictionarySeeds, units, leastDocuments, checkedEach } = settings;
  const centred = kind === "sae";
  const lessonOf = (own: number): Lesson => ({
    read: read.lessons,
    ...(kind === "tc" && { written: written.lessons }),
    features,
    k,
    seed: own,
  });
  const trained: Weights[] = [];
  for (const [i, own] of dictionarySeeds.entries()) {
    const lesson = lessonOf(own);
    const plan = lessonPlan(lesson, settings.training, { of: origin, kind });
    const { parameters } = await train(`${kind}-${own}`, { task: lessonTask(lesson), ...plan }, (share) =>
      progress((i + share) / dictionarySeeds.length),
    );
    trained.push(parameters);
  }
  const codes = (weights: Weights, rows: Rows) => codesOf(runtime, weights, rows, { k, centred });
  const own = trained[0]!;
  const start = untrained(lessonOf(dictionarySeeds[0]!));
  const chance = fitted(await codes(start, read.lessons), start, written.lessons);
  const series: [string, Weights, Codes][] = [
    [kind, own, await codes(own, read.scored)],
    [`${kind}-rd`, chance, await codes(chance, read.scored)],
  ];
  const least = Math.ceil(leastDocuments * yardstick.positions.documents);
  const scored = series.map(([name, weights, of]) => {
    const { candidates, liveness } = featuresToScore(of, yardstick, units, least, seed);
    const shuffled = name === kind ? dealtOut(candidates, yardstick, checkedEach, seed) : [];
    const parts = [
      scoreSeries(name, candidates, yardstick),
      ...(shuffled.length > 0 ? [scoreSeries(`${kind}-sl`, shuffled, yardstick)] : []),
    ];
    const { length } = yardstick.positions;
    return {
      features: parts.flatMap((part) => part.features),
      influences: parts.flatMap((part) => part.influences),
      fits: fitOf(of, weights, written.scored, written.scale, written.massive, kept, length).map((row) => ({
        series: name,
        ...row,
      })),
      dictionary: { series: name, ...liveness, active: activeIn(of, kept), ...NEVER },
      firing: firingIn(of, kept),
    };
  });
  const [first, ...rest] = scored.map((each) => each.dictionary);
  const stability = trained[1] && {
    stable: matched(own, trained[1], scored[0]!.firing, settings.sameFrom),
    stableByChance: matched(own, untrained(lessonOf(dictionarySeeds[1]!)), scored[0]!.firing, settings.sameFrom),
  };
  const scales = { read: read.scale, written: written.scale };
  return {
    found: {
      features: scored.flatMap((each) => each.features),
      influences: scored.flatMap((each) => each.influences),
      fits: scored.flatMap((each) => each.fits),
      dictionaries: [{ ...first!, ...stability }, ...rest],
      losses: [],
      counts: [],
    },
    splices: {
      [kind]: dictionarySplice(at, from, own, k, scales),
      ...(kind === "sae" && { "sae-rd": dictionarySplice(at, from, chance, k, scales) }),
    },
  };
}

/** No second seed was trained. */
const NEVER = { stable: -1, stableByChance: -1 };

/** Mean number of codes above 0 at a position that counts. */
function activeIn({ k, values }: Codes, kept: Uint8Array): number {
  let [active, positions] = [0, 0];
  kept.forEach((keep, row) => {
    if (!keep) return;
    positions++;
    for (let c = row * k; c < (row + 1) * k; c++) active += Number(values[c]! > 0);
  });
  return active / positions;
}

/** 1 for each feature that fires at a position that counts. */
function firingIn({ k, features, values, at }: Codes, kept: Uint8Array): Uint8Array {
  const firing = new Uint8Array(features);
  at.forEach((feature, c) => {
    if (values[c]! > 0 && kept[Math.floor(c / k)]) firing[feature] = 1;
  });
  return firing;
}

/** How many of the firing features have one in the other dictionary that writes nearly the same. */
const matched = (own: Weights, other: Weights, firing: Uint8Array, from: number): number =>
  nearestCosines(own, other).reduce((sum, cosine, f) => sum + Number(firing[f] === 1 && cosine >= from), 0);
