import type { LanguageModel } from "../../engine/run/language-model.ts";
import type { ProbeOptions } from "../../statistics/probe.ts";
import { type Item, type LemmaItems, shuffledSenses } from "../senses/items.ts";
import {
  ablatedWrites,
  cleanAtNoun,
  cutVariants,
  patchedWrites,
  type Reach,
  reachOf,
  runVariants,
} from "./noun-runs.ts";
import { heldOutAxes, lean, leanOfWrite, type SenseAxis, signOf, stack } from "./sense-axis.ts";
import { otherKeys, type SensePair } from "./sense-pairs.ts";

/** What was found for one noun: sums over its paired sentences, in logits of the probe. */
export interface NounEffects {
  readonly lemma: string;
  readonly sentences: number;
  /** Lean of the clean state to the right sense. */
  readonly clean: number;
  /** Sentences whose clean state leans to the right sense: along the senses' axis, along the shuffled senses'. */
  readonly right: readonly [number, number];
  /** [axes: the senses', the shuffled senses'][writes] */
  readonly direct: readonly [Float64Array, Float64Array];
  readonly patched: readonly [Float64Array, Float64Array];
  readonly ablated: readonly [Float64Array, Float64Array];
  /** Fall of the lean when the noun may not read the cue, and when it may not read as many other tokens as near to it. */
  readonly cutCue: number;
  readonly cutOther: number;
  /** [blocks × heads] fall when one head may not. */
  readonly cutHeads: Float64Array;
}

export interface MeasureOptions {
  readonly depthShare: number;
  readonly folds: number;
  readonly probe: ProbeOptions;
  readonly seed: number;
  readonly signal: AbortSignal;
  progress(share: number, what: string): void;
}

/** Every effect at one noun, summed over the sentences of its pairs. */
export async function measureNoun(
  model: LanguageModel,
  { lemma, items }: LemmaItems,
  pairs: readonly SensePair[],
  { depthShare, folds, probe, seed, signal, progress }: MeasureOptions,
): Promise<NounEffects> {
  const reach = reachOf(model, Math.max(1, Math.ceil(model.config.nLayers * depthShare)));
  const { states, writes } = await cleanAtNoun(model, items, reach, signal);
  const senses = Int32Array.from(items, ({ sense }) => sense);
  const states64 = stack(states);
  const axes = heldOutAxes(items, states64, senses, folds, probe, seed);
  const dealt = shuffledSenses(items, seed + 7);
  const shuffled = heldOutAxes(items, states64, dealt, folds, probe, seed);

  const chosen = pairs.flatMap(({ items: [a, b] }) => [
    [a, b],
    [b, a],
  ]);
  const paired = chosen.map(([i]) => items[i!]!);
  const partner = chosen.map(([, j]) => j!);
  const at = (k: number) => chosen[k]![0]!;
  /** The lean of a state to the sentence's own sense: along the axis, and along the control's. */
  const leans = (k: number, state: ArrayLike<number>, from = 0): [number, number] => [
    lean(axes[at(k)]!, signOf(paired[k]!), state, from),
    lean(shuffled[at(k)]!, dealt[at(k)] === 1 ? 1 : -1, state, from),
  ];
  const clean = paired.map((_, k) => leans(k, states[at(k)]!));
  const counts = reach.writes.length;
  const empty = (): [Float64Array, Float64Array] => [new Float64Array(counts), new Float64Array(counts)];

  const direct = empty();
  paired.forEach((item, k) => {
    const two: [SenseAxis, number][] = [
      [axes[at(k)]!, signOf(item)],
      [shuffled[at(k)]!, dealt[at(k)] === 1 ? 1 : -1],
    ];
    two.forEach(([axis, sign], a) => {
      for (let w = 0; w < counts; w++)
        direct[a]![w]! +=
          leanOfWrite(axis, sign, writes[at(k)]![w]!) - leanOfWrite(axis, sign, writes[partner[k]!]![w]!);
    });
  });

  const falls = async (variants: Parameters<typeof runVariants>[3], what: string, from: number, to: number) => {
    const fell = [new Float64Array(variants.count), new Float64Array(variants.count)] as const;
    await runVariants(
      model,
      paired,
      reach,
      variants,
      (k, variant, state) =>
        leans(k, state).forEach((value, a) => {
          fell[a]![variant]! += clean[k]![a]! - value;
        }),
      (share) => progress(from + share * (to - from), `${lemma}: ${what}`),
      signal,
    );
    return fell;
  };
  const ofPaired = { states: chosen.map(([i]) => states[i!]!), writes: chosen.map(([i]) => writes[i!]!) };
  const partnerAmongPaired = chosen.map((_, k) => (k % 2 === 0 ? k + 1 : k - 1));
  const patched = await falls(patchedWrites(reach, paired, ofPaired, partnerAmongPaired), "patched", 0, 0.25);
  const ablated = await falls(ablatedWrites(reach, paired, meansOf(writes, reach)), "ablated", 0.25, 0.5);
  const { nHeads } = model.config;
  const cutBoth = cutVariants(model, 2, (k, variant) =>
    fromNoun(paired[k]!, variant === 0 ? cueKeys(paired[k]!) : otherKeys(paired[k]!)),
  );
  const [cut] = await falls(cutBoth, "cut", 0.5, 0.55);
  const cutEach = cutVariants(model, reach.blocks * nHeads, (k, variant) =>
    fromNoun(paired[k]!, cueKeys(paired[k]!)).map((edge) => ({
      ...edge,
      block: Math.floor(variant / nHeads),
      head: variant % nHeads,
    })),
  );
  const [cutHeads] = await falls(cutEach, "heads cut", 0.55, 1);
  return {
    lemma,
    sentences: paired.length,
    clean: clean.reduce((sum, [own]) => sum + own, 0),
    right: [0, 1].map((axis) => clean.filter((of) => of[axis]! > 0).length) as [number, number],
    direct,
    patched,
    ablated,
    cutCue: cut[0]!,
    cutOther: cut[1]!,
    cutHeads,
  };
}

/** An edge from every token of the noun to each key: of a noun in several tokens the last could ask the first. */
const fromNoun = ({ start, target }: Item, keys: readonly number[]): { query: number; key: number }[] =>
  keys.flatMap((key) => Array.from({ length: target + 1 - start }, (_, i) => ({ query: start + i, key })));

const cueKeys = ({ cueEnd, cueTokens }: Item): number[] =>
  Array.from({ length: cueTokens }, (_, i) => cueEnd - i).filter((key) => key > 0);

/** Mean of each write over the noun's sentences. */
const meansOf = (writes: readonly (readonly Float32Array[])[], { writes: names }: Reach): Float32Array[] =>
  names.map((_, w) => {
    const mean = new Float32Array(writes[0]![w]!.length);
    for (const of of writes) for (let j = 0; j < mean.length; j++) mean[j]! += of[w]![j]! / writes.length;
    return mean;
  });
