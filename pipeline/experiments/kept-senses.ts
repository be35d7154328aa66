import { curvesTable, quantitiesTable, seriesTable } from "../artifacts/tables.ts";
import type { Dense } from "../statistics/dense.ts";
import type { Experiment } from "./experiment.ts";
import { pathPairs } from "./named/garden-effects.ts";
import { gardenItems } from "./named/garden-sentences.ts";
import { itemAxes, meanByDepth, type NounStreams } from "./named/item-axes.ts";
import {
  heldCurves,
  keptEstimates,
  missingEffects,
  pathTable,
  QUANTITIES,
  SERIES,
  signTable,
} from "./named/kept-estimates.ts";
import { neutralItems } from "./named/neutral-sentences.ts";
import { capture } from "./senses/capture.ts";
import { lemmaItems } from "./senses/items.ts";
import { sampledDepths } from "./support/depths.ts";

const parameters = {
  /** Neutral sentences for each frame; even, so that both halves have every frame. */
  neutral: 4,
  /** Random directions for each sentence and removal. */
  draws: 3,
};

/** Is a disfavoured sense kept at a noun and used when the sentence turns? Protocol: content/experiments/kept-senses.mdx. */
export const experiment: Experiment<typeof parameters> = {
  id: "kept-senses",
  version: 1,
  seed: 20261129,
  parameters,
  inputs: { prompts: ["senses", "garden-paths"], corpora: [] },
  async run(context, { neutral, draws }) {
    const { model, tokenizer, seed, signal } = context;
    const senses = context.prompts("senses");
    const paths = context.prompts("garden-paths");
    if (senses.kind !== "senses" || paths.kind !== "garden-paths")
      throw new Error(
        `Prompt sets "senses" and "garden-paths" should be of those kinds; found ${senses.kind} and ${paths.kind}.`,
      );
    const { nLayers } = model.config;
    const inMiddle = (depth: number) => 3 * depth >= nLayers && 3 * depth <= 2 * nLayers;
    const every = Array.from({ length: nLayers }, (_, b) => b + 1);
    const depths = every.filter((depth) => inMiddle(depth) || sampledDepths(nLayers).includes(depth));
    const removed = [...depths.keys()].filter((d) => inMiddle(depths[d]!));

    const nouns = new Map<string, NounStreams>();
    const states: (readonly Dense[])[] = [];
    for (const [l, lemma] of senses.lemmas.entries()) {
      context.progress((0.4 * l) / senses.lemmas.length, `streams at "${lemma.lemma}"`);
      const { items } = lemmaItems(lemma, tokenizer);
      const others = neutralItems(senses.lemmas, lemma, tokenizer, neutral, seed + l);
      const own = (await capture(model, items, depths, signal)).sites.word;
      const beside = (await capture(model, others, depths, signal)).sites.word;
      nouns.set(lemma.lemma, { items, senses: own, neutral: beside });
      states.push(own);
    }
    const names = senses.lemmas.map(({ lemma }) => lemma);
    const floors = new Map(names.map((name, n) => [name, meanByDepth(states.filter((_, other) => other !== n))]));
    const items = gardenItems(paths, tokenizer);
    const axes = items.map(({ id, lemma, cues }, i) => {
      const noun = nouns.get(lemma);
      if (!noun)
        throw new Error(
          `content/prompts/garden-paths.yaml: ${id}: expected a noun of the set of senses, found "${lemma}".`,
        );
      return itemAxes(noun, cues, floors.get(lemma)!, draws, seed + 1000 + i);
    });
    const pairs = await pathPairs(model, items, axes, {
      depths,
      removed,
      signal,
      progress: (share) => context.progress(0.4 + 0.6 * share, "senses taken out"),
    });
    return {
      tables: {
        curves: curvesTable(heldCurves(pairs, depths, seed)),
        quantities: quantitiesTable(QUANTITIES),
        series: seriesTable(SERIES),
        tests: signTable(pairs, seed),
        pairs: pathTable(pairs),
        ...missingEffects(pairs),
      },
      estimates: keptEstimates(pairs, removed, seed),
    };
  },
};
