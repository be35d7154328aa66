import type { RunShard } from "../experiment.ts";
import { withoutSinks } from "../support/sinks.ts";
import { readPassages } from "../units/passage-positions.ts";
import { collectRows, keptRows, lengthsOf, pointsOfBlock } from "./collect.ts";
import { scoreSeries, unitsToScore, yardstickOf } from "./feature-scores.ts";
import { massiveOf } from "./fit.ts";
import { type Kind, type Material, makeDictionary } from "./make-dictionary.ts";
import { type LossRow, replacementLosses } from "./replacement.ts";
import { type Found, tablesOf } from "./rows.ts";
import { scaleOf, standardised } from "./scale.ts";
import type { Settings } from "./settings.ts";
import { meanSplice, unitsSplice } from "./splice.ts";

/** Trains the dictionaries of one block, of the model or of the same with random weights, and measures them. */
export const runShard: RunShard<Settings> = async (context, settings) => {
  const { tokenizer, signal, progress } = context;
  const { seed, weights } = settings;
  const model = weights === "random" ? await context.randomWeights("permuted", seed) : context.model;
  const block = Math.floor(settings.share * model.config.nLayers);
  const points = pointsOfBlock(block);
  const tokens = Math.min(settings.tokens, model.config.maxPositions);
  const passages = readPassages(tokenizer, settings.documents, tokens, seed);
  const held = passages.filter((_, i) => i % settings.heldOutEach === 0);
  const rest = passages.filter((_, i) => i % settings.heldOutEach !== 0).map(({ ids }) => ids);
  const { stream, read, written } = points;
  const report = (from: number, to: number, what: string) => (share: number) =>
    progress(from + (to - from) * share, what);
  const lessons = await collectRows(model, rest, { stream, read, written }, signal, report(0, 0.2, "text to train on"));
  const ids = held.map((passage) => passage.ids);
  const scored = await collectRows(model, ids, points, signal, report(0.2, 0.3, "text to score"));
  const taught = withoutSinks(lengthsOf(lessons.stream));
  const show = (token: number) => tokenizer.token(token);
  const yardstick = yardstickOf(held, lengthsOf(scored.stream), show, settings.yardstick, seed);
  const { kept } = yardstick.positions;

  const side = (name: "stream" | "read" | "written") => {
    const own = keptRows(lessons[name], taught);
    const scale = scaleOf(own);
    return {
      scale,
      lessons: standardised(own, scale),
      scored: standardised(scored[name], scale),
      massive: massiveOf(own),
    };
  };
  const features = settings.expansion * model.config.dModel;
  const k = Math.max(1, Math.round(model.config.dModel / settings.dimensionsEachCode));
  const [ofStream, ofRead, ofWritten] = [side("stream"), side("read"), side("written")];
  const material: Record<Kind, Material> = {
    sae: { at: stream, from: stream, read: ofStream, written: ofStream },
    tc: { at: written, from: read, read: ofRead, written: ofWritten },
  };
  const made = [];
  for (const [i, kind] of (["sae", "tc"] as const).entries())
    made.push(
      await makeDictionary(
        context,
        kind,
        material[kind],
        { features, k, kept, yardstick, origin: { model: model.id, block, seed } },
        settings,
        report(0.3 + 0.25 * i, 0.55 + 0.25 * i, kind === "sae" ? "autoencoder" : "transcoder"),
      ),
    );

  const units = scoreSeries("units", unitsToScore(scored.units, settings.units, seed), yardstick);
  const losses: LossRow[] = [];
  if (weights === "trained") {
    const length = Math.min(settings.lossTokens, tokens);
    const beginnings = ids.slice(0, settings.lossDocuments).map((each) => each.slice(0, length));
    const counts = beginnings.map((_, d) =>
      Array.from({ length }, (_, t) => t > 0 && kept[d * (tokens - 1) + t - 1] === 1),
    );
    const splices = {
      "sae-mean": meanSplice(stream, ofStream.scale),
      "tc-mean": meanSplice(written, ofWritten.scale),
      "tc-mu": unitsSplice(points.units, k, scaleOf(keptRows(scored.units, kept))),
      ...Object.assign({}, ...made.map(({ splices }) => splices)),
    };
    losses.push(
      ...(await replacementLosses(model, beginnings, counts, splices, signal, report(0.85, 1, "replacements"))),
    );
  }
  const all = [...made.map((each) => each.found), { ...NOTHING, ...units }];
  return tablesOf({
    features: all.flatMap((each) => each.features),
    influences: all.flatMap((each) => each.influences),
    fits: all.flatMap((each) => each.fits),
    dictionaries: all.flatMap((each) => each.dictionaries),
    losses,
    counts: [
      { what: "block", value: block },
      { what: "codes a position", value: k },
      { what: "documents scored", value: held.length },
      { what: "positions scored", value: kept.reduce((sum, keep) => sum + keep, 0) },
      { what: "sinks left out besides first tokens", value: kept.reduce((sum, keep) => sum + 1 - keep, 0) },
      { what: "positions trained on", value: ofStream.lessons.data.length / ofStream.lessons.width },
      { what: "massive dimensions of the stream", value: ofStream.massive.size },
      { what: "massive dimensions of what the MLP adds", value: ofWritten.massive.size },
      { what: "concepts in the list", value: yardstick.concepts.labels.length },
    ],
  });
};

const NOTHING: Found = { features: [], influences: [], fits: [], losses: [], dictionaries: [], counts: [] };
