import { columnMeans, type Dense, dense, row, takeRows } from "../../statistics/dense.ts";
import { fitProbe, type ProbeOptions, predict } from "../../statistics/probe.ts";
import { macroRecall } from "../../statistics/scores.ts";
import type { RandomWeights } from "../experiment.ts";
import type { LemmaItems } from "./items.ts";

/** One lemma's vectors with a yes/no class for each sentence. */
export interface AxisLemma {
  readonly x: Dense;
  /** 1 where the sentence's sense is of the class. */
  readonly labels: ArrayLike<number>;
  readonly cues: readonly string[];
}

/**
 * Macro recall on each lemma of a probe fitted on all the others: an axis that lemmas share. Each lemma's vectors are
 * centred on the lemma's own mean first (without it the word's identity is most of the vector; no label is used, but the
 * lemma's sentences are balanced between the senses, which the centring does rely on). Training sentences whose cue
 * stands with the held-out lemma too are left out.
 */
export function heldOutLemmas(lemmas: readonly AxisLemma[], options: ProbeOptions): number[] {
  const centred = lemmas.map(({ x }) => centre(x));
  return lemmas.map((held, h) => {
    const cues = new Set(held.cues);
    const rows: Float64Array[] = [];
    const labels: number[] = [];
    for (const [l, lemma] of lemmas.entries()) {
      if (l === h) continue;
      for (const [i, cue] of lemma.cues.entries()) {
        if (cues.has(cue)) continue;
        rows.push(row(centred[l]!, i));
        labels.push(lemma.labels[i]!);
      }
    }
    const train = dense(rows.length, held.x.columns);
    for (const [i, values] of rows.entries()) train.data.set(values, i * train.columns);
    const probe = fitProbe(train, labels, options);
    return macroRecall(held.labels, predict(probe, centred[h]!));
  });
}

function centre(x: Dense): Dense {
  const mean = columnMeans(x);
  const out = takeRows(x, [...Array(x.rows).keys()]);
  for (let i = 0; i < out.rows; i++) for (let j = 0; j < out.columns; j++) out.data[i * out.columns + j]! -= mean[j]!;
  return out;
}

/** Recall on held-out lemmas: of each noun that has one sense in the class and one out of it. */
export interface SharedAxis {
  /** [noun][depth of `thirds`], at the word */
  readonly model: readonly number[][];
  /** [noun], from the bag of context */
  readonly context: readonly number[];
  /** [noun][depth of the middle third], senses dealt out anew within each frame */
  readonly shuffled: readonly number[][];
  /** [noun][depth of the middle third], mean over the seeds of random networks */
  readonly random: Readonly<Record<RandomWeights, number[][]>>;
}

/** Of what class the axis is, and how it is fitted. */
export interface AxisSettings {
  readonly axisClass: string;
  readonly penalty: number;
}

/** Indices of the lemmas that the axis is fitted and tested on. */
export const axisLemmas = (lemmas: readonly LemmaItems[], { axisClass }: AxisSettings): number[] =>
  [...lemmas.keys()].filter((l) => lemmas[l]!.supersenses.includes(axisClass));

/**
 * Recall on each of {@link axisLemmas} of the axis fitted on the others.
 * @param vectors of a lemma's sentences @param senses what is told apart, by default the real senses
 */
export function axisRecalls(
  lemmas: readonly LemmaItems[],
  vectors: (lemma: number) => Dense,
  settings: AxisSettings,
  senses: (lemma: LemmaItems) => ArrayLike<number> = ({ items }) => items.map(({ sense }) => sense),
): number[] {
  const used = axisLemmas(lemmas, settings).map((l): AxisLemma => {
    const lemma = lemmas[l]!;
    return {
      x: vectors(l),
      labels: Array.from(senses(lemma), (sense) => (lemma.supersenses[sense] === settings.axisClass ? 1 : 0)),
      cues: lemma.items.map(({ cue }) => cue),
    };
  });
  return heldOutLemmas(used, { penalty: settings.penalty });
}

/** [depth][noun] → [noun][depth]. */
export const byNoun = (byDepth: readonly (readonly number[])[]): number[][] =>
  byDepth[0]!.map((_, noun) => byDepth.map((recalls) => recalls[noun]!));
