import { type Dense, dense, withoutColumns } from "../../statistics/dense.ts";
import type { Fold } from "../../statistics/folds.ts";
import { crossPredict, type ProbeOptions } from "../../statistics/probe.ts";
import { macroRecall } from "../../statistics/scores.ts";
import { type Captured, contextEmbeddings, type Embeddings, meanEmbeddings, SITES } from "./capture.ts";
import { cueFolds, type LemmaItems, shuffledSenses } from "./items.ts";

/** Held-out macro recall of one lemma: by series, one value for each depth (one alone where the series has no depth). */
export interface LemmaScores {
  readonly curves: Record<string, number[]>;
  /** [sentence] 1 where the probe at the word is right, by depth; and for the context alone. */
  readonly rightAtWord: Int32Array[];
  readonly rightFromContext: Int32Array;
}

export interface ProbeSettings {
  readonly folds: number;
  readonly options: ProbeOptions;
  readonly seed: number;
}

/** Where the probe at the word is fitted without massive dimensions too, and which these are. */
export interface Trimmed {
  readonly depths: readonly number[];
  readonly without: readonly number[];
}

/** All probes of one lemma on the trained model's residual streams. */
export function probeLemma(
  { items }: LemmaItems,
  captured: Captured,
  table: Embeddings,
  trimmed: Trimmed,
  { folds: k, options, seed }: ProbeSettings,
): LemmaScores {
  const senses = Int32Array.from(items, (item) => item.sense);
  const folds = cueFolds(items, senses, k, seed);
  const recall = (x: Dense, how = options) => macroRecall(senses, crossPredict(x, senses, folds, how));
  const curves: Record<string, number[]> = {};
  for (const site of SITES) curves[site] = captured.sites[site].map((x) => recall(x));
  const atWord = captured.sites.word.map((x) => crossPredict(x, senses, folds, options));
  curves.word = atWord.map((predicted) => macroRecall(senses, predicted));
  curves.centroid = captured.sites.word.map((x) => recall(x, { kind: "centroid" }));
  curves.trimmed = trimmed.depths.map((depth) => recall(withoutColumns(captured.sites.word[depth]!, trimmed.without)));

  const dealt = shuffledSenses(items, seed + 7);
  const dealtFolds = cueFolds(items, dealt, k, seed);
  curves.SL = captured.sites.word.map((x) => macroRecall(dealt, crossPredict(x, dealt, dealtFolds, options)));

  const context = crossPredict(contextEmbeddings(table, items), senses, folds, options);
  curves.context = [macroRecall(senses, context)];
  const cues = items.map(({ ids, cueEnd, cueTokens }) => ids.slice(cueEnd + 1 - cueTokens, cueEnd + 1));
  curves.cue = [recall(meanEmbeddings(table, cues))];
  const place = items.flatMap(({ target, cueEnd, ids }) => [target, target - cueEnd, ids.length]);
  curves.position = [recall(dense(items.length, 3, place))];
  return {
    curves,
    rightAtWord: atWord.map((predicted) => hits(senses, predicted)),
    rightFromContext: hits(senses, context),
  };
}

/** Probes at the word alone, as for {@link probeLemma}, on a control's residual streams. */
export function probeWord({ items }: LemmaItems, captured: Captured, settings: ProbeSettings): number[] {
  const senses = Int32Array.from(items, (item) => item.sense);
  const folds: readonly Fold[] = cueFolds(items, senses, settings.folds, settings.seed);
  return captured.sites.word.map((x) => macroRecall(senses, crossPredict(x, senses, folds, settings.options)));
}

const hits = (truth: ArrayLike<number>, predicted: ArrayLike<number>) =>
  Int32Array.from(truth, (label, i) => (label === predicted[i] ? 1 : 0));
