import { curvesTable, quantitiesTable, seriesTable } from "../artifacts/tables.ts";
import { causeCurves, causeEstimates, headTable, QUANTITIES, SERIES } from "./causes/cause-estimates.ts";
import { nounOf } from "./causes/noun-table.ts";
import type { Experiment } from "./experiment.ts";
import { column } from "./support/column.ts";

const SEED = 20261125;

const parameters = {
  nouns: [
    "bank",
    "bat",
    "spring",
    "crane",
    "pitcher",
    "match",
    "seal",
    "palm",
    "plant",
    "organ",
    "bark",
    "fan",
    "ruler",
    "port",
  ],
  folds: 5,
  penalty: 10,
  /** Pairs of each noun. */
  pairs: 8,
  /** The state is read where the sense has long been there to be read (`senses`): after so much of the depth. */
  depthShare: 1 / 3,
};

/** Which sublayers bring a noun its sense, and whether attention to the cue is how. Protocol: content/experiments/sense-causes.mdx. */
export const experiment: Experiment<typeof parameters> = {
  id: "sense-causes",
  version: 1,
  seed: SEED,
  parameters,
  inputs: { prompts: ["senses"], corpora: [] },
  shards: {
    file: "pipeline/experiments/causes/shard.ts",
    list: ({ nouns, folds, penalty, pairs, depthShare }) =>
      nouns.map((noun, n) => ({
        id: noun,
        parameters: { noun, seed: SEED + n, folds, penalty, pairs, depthShare },
      })),
  },
  async run({ model, seed, shard }, { nouns: lemmas }) {
    // Where the tokenizer cuts one cue of every pair finer than the other, a noun has no pair.
    const nouns = lemmas.flatMap((lemma) => {
      const { effects } = shard(lemma);
      return effects ? [nounOf(lemma, effects)] : [];
    });
    return {
      tables: {
        curves: curvesTable(causeCurves(nouns, seed)),
        quantities: quantitiesTable(QUANTITIES),
        series: seriesTable(SERIES),
        heads: headTable(nouns, model.config.nHeads, seed),
        nouns: {
          title: "Nouns",
          columns: [
            column("noun", "string", "", "the noun"),
            column("sentences", "integer", "", "paired sentences"),
            column(
              "lean",
              "number",
              "logits",
              "mean lean of the clean state to the right sense, along a probe fitted on other cues",
            ),
            column("cut", "number", "logits", "mean fall when the noun may not read the cue"),
            column(
              "other",
              "number",
              "logits",
              "mean fall when it may not read as many other tokens as near to the cue",
            ),
          ],
          rows: nouns.map(({ lemma, sentences, clean, cutCue, cutOther }) => [
            lemma,
            sentences,
            clean / sentences,
            cutCue / sentences,
            cutOther / sentences,
          ]),
        },
      },
      estimates: causeEstimates(nouns, seed),
    };
  },
};
