import { curvesTable, quantitiesTable, seriesTable } from "../artifacts/tables.ts";
import type { Experiment } from "./experiment.ts";
import { neutralItems, othersCues } from "./named/neutral-sentences.ts";
import { figuresOf, type Noun, type NounFigures, wordDirectionsOf, wordReader } from "./named/noun-figures.ts";
import { QUANTITIES, SERIES, senseWriteCurves, senseWriteEstimates } from "./named/write-report.ts";
import { lemmaItems } from "./senses/items.ts";
import { type Calibration, calibrate, massiveTable } from "./support/calibration.ts";
import { column } from "./support/column.ts";
import { randomModels, seedsFrom, unitsOfTurn } from "./support/random-models.ts";

const parameters = {
  folds: 5,
  /** Neutral sentences for each frame; even, so that both halves have every frame. */
  neutral: 4,
  /** Random axes a fold. */
  draws: 8,
  randomSeeds: 3,
};

/** What sublayers write along the sense that a noun has and along the one that it hasn't. Protocol: content/experiments/sense-writes.mdx. */
export const experiment: Experiment<typeof parameters> = {
  id: "sense-writes",
  version: 1,
  seed: 20261128,
  parameters,
  inputs: { prompts: ["senses"], corpora: [] },
  async run(context, { folds, neutral, draws, randomSeeds }) {
    const { model, tokenizer, seed, signal } = context;
    const prompts = context.prompts("senses");
    if (prompts.kind !== "senses")
      throw new Error(`Prompt set "senses" should be of kind senses; found ${prompts.kind}.`);
    const reader = await wordReader(model, tokenizer);
    const nouns = prompts.lemmas.map((lemma, l): Noun => {
      const { items } = lemmaItems(lemma, tokenizer);
      return {
        lemma: lemma.lemma,
        items,
        neutral: neutralItems(prompts.lemmas, lemma, tokenizer, neutral, seed + l),
        wordDirections: wordDirectionsOf(reader, items, othersCues(prompts.lemmas, lemma)),
      };
    });
    const sentences = nouns.flatMap(({ items }) => items.map(({ ids, target }) => ids.slice(0, target + 2)));
    const options = (l: number) => ({ folds, draws, seed: seed + 100 * l, signal });
    const calibration = await calibrate(model, sentences, signal);
    const found: NounFigures[] = [];
    const sinks: number[] = [];
    for (const [l, noun] of nouns.entries()) {
      context.progress((0.6 * l) / nouns.length, `writes at "${noun.lemma}"`);
      const { figures, sinks: loud } = await figuresOf(model, noun, calibration, {
        ...options(l),
        variants: ["kept", "all", "words"],
      });
      found.push(figures);
      sinks.push(loud);
    }
    const rw: Pick<NounFigures, "kept" | "all">[] = [];
    const randomCalibrations: Calibration[] = [];
    for await (const { model: network, turn } of randomModels(context, "permuted", seedsFrom(seed, randomSeeds))) {
      const own = await calibrate(network, sentences, signal);
      randomCalibrations.push(own);
      for (const l of unitsOfTurn(nouns.length, randomSeeds, turn)) {
        context.progress(0.6 + 0.4 * (turn / randomSeeds), `random weights ${turn + 1} of ${randomSeeds}`);
        const { figures } = await figuresOf(network, nouns[l]!, own, { ...options(l), variants: ["kept", "all"] });
        rw[l] = figures;
      }
    }
    const results = { nLayers: model.config.nLayers, seed, model: found, rw };
    return {
      tables: {
        curves: curvesTable(senseWriteCurves(results)),
        quantities: quantitiesTable(QUANTITIES),
        series: seriesTable(SERIES),
        nouns: {
          title: "Nouns",
          columns: [
            column("noun", "string", "", "the noun"),
            column("sentences", "integer", "", "sentences of its senses"),
            column("neutral", "integer", "", "sentences with cue words of other nouns"),
            column("sinks", "integer", "", "of the former, left out for an attention sink at the noun or after it"),
          ],
          rows: nouns.map(({ lemma, items, neutral: others }, l) => [lemma, items.length, others.length, sinks[l]!]),
        },
        massive: massiveTable(calibration, randomCalibrations),
      },
      estimates: senseWriteEstimates(results),
    };
  },
};
