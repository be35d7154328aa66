import type { Dense } from "../../statistics/dense.ts";
import { mean } from "../../statistics/summary.ts";
import type { ExperimentContext, RandomWeights } from "../experiment.ts";
import { randomModels, unitsOfTurn } from "../support/random-models.ts";
import { type AxisSettings, axisLemmas, axisRecalls, byNoun } from "./axis.ts";
import { capture } from "./capture.ts";
import type { LemmaItems } from "./items.ts";
import { type ProbeSettings, probeWord } from "./lemma-probes.ts";

/** What random networks of either kind show. */
export interface RandomControls {
  /** Recall at the word, [lemma][depth] */
  readonly word: Readonly<Record<RandomWeights, number[][]>>;
  /** Recall of the shared axis, mean over networks, [noun of the axis][depth of `middle`] */
  readonly axis: Readonly<Record<RandomWeights, number[][]>>;
}

export interface RandomSettings {
  readonly seeds: readonly number[];
  /** Depths at which nouns are probed one by one, and those of them at which the axis is. */
  readonly depths: readonly number[];
  readonly middle: readonly number[];
  readonly probe: ProbeSettings;
  readonly axis: AxisSettings;
}

/**
 * Each random network probes a third of the nouns, so that every noun has its control and all three seeds count; an axis
 * needs all of its nouns from one network, so each reads them all for that.
 */
export async function randomControls(
  context: ExperimentContext,
  lemmas: readonly LemmaItems[],
  { seeds, depths, middle, probe, axis }: RandomSettings,
  progress: (share: number, what: string) => void,
): Promise<RandomControls> {
  const found: RandomControls = {
    word: { permuted: [], "permuted-blocks": [] },
    axis: { permuted: [], "permuted-blocks": [] },
  };
  const kinds: readonly RandomWeights[] = ["permuted", "permuted-blocks"];
  const ofAxis = axisLemmas(lemmas, axis);
  for (const [k, kind] of kinds.entries()) {
    const recalls: number[][][] = [];
    for await (const { model, turn, seed } of randomModels(context, kind, seeds)) {
      progress((k * seeds.length + turn) / (kinds.length * seeds.length), `random weights (${kind}), seed ${seed}`);
      const mine = unitsOfTurn(lemmas.length, seeds.length, turn);
      const words = new Map<number, Dense[]>();
      for (const [l, lemma] of lemmas.entries()) {
        if (!mine.includes(l) && !ofAxis.includes(l)) continue;
        const read = mine.includes(l) ? depths : middle;
        const captured = await capture(model, lemma.items, read, context.signal);
        if (mine.includes(l)) found.word[kind][l] = probeWord(lemma, captured, probe);
        words.set(
          l,
          middle.map((depth) => captured.sites.word[read.indexOf(depth)]!),
        );
      }
      recalls.push(byNoun(middle.map((_, d) => axisRecalls(lemmas, (l) => words.get(l)![d]!, axis))));
    }
    found.axis[kind].push(
      ...ofAxis.map((_, noun) => middle.map((_, d) => mean(recalls.map((network) => network[noun]![d]!)))),
    );
  }
  return found;
}
