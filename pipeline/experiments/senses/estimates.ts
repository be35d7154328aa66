import type { Estimate } from "../../artifacts/schema.ts";
import { type Draws, derive, difference, drawRatios } from "../../statistics/bootstrap.ts";
import { mean } from "../../statistics/summary.ts";
import type { LemmaItems } from "./items.ts";
import type { LemmaScores } from "./lemma-probes.ts";
import { against, type EstimateHead, estimateOf, UnitTable } from "./report.ts";
import type { Similarity } from "./similarity.ts";
import type { AnchorScores } from "./static-anchors.ts";

export interface SensesFindings {
  readonly lemmas: readonly LemmaItems[];
  readonly scores: readonly LemmaScores[];
  readonly controls: { readonly permuted: readonly number[][]; readonly "permuted-blocks": readonly number[][] };
  readonly axis: { readonly model: readonly number[][]; readonly context: readonly number[] };
  readonly cosines: { readonly all: readonly Similarity[][]; readonly trimmed: readonly Similarity[][] };
  readonly anchors: readonly AnchorScores[];
  readonly depths: readonly number[];
  /** Every third depth, at which controls and contrasts stand. */
  readonly thirds: readonly number[];
  readonly seed: number;
}

/** Parts of the depth: (0, 1/3), [1/3, 2/3), [2/3, 1] of the blocks, at every third depth. */
const PARTS = { early: [0, 1 / 3], middle: [1 / 3, 2 / 3], late: [2 / 3, 1.01] } as const;
type Part = keyof typeof PARTS;

/** All estimates of the experiment; the independent unit is the noun, but where an id ends in `-by-cue`. */
export function sensesEstimates(found: SensesFindings): Estimate[] {
  const { scores, controls, axis, cosines, anchors, depths, thirds, seed } = found;
  const last = depths.at(-1)!;
  const inPart = (part: Part, depth: number) =>
    depth > 0 && depth / last >= PARTS[part][0] && depth / last < PARTS[part][1];
  const unit = (rows: readonly number[]): Draws =>
    new UnitTable(
      rows.map((value) => [value]),
      seed,
    ).draws;
  const part = (rows: readonly (readonly number[])[], at: readonly number[], which: Part) =>
    unit(rows.map((row) => mean(row.filter((_, i) => thirds.includes(at[i]!) && inPart(which, at[i]!)))));
  const of = (name: string) => scores.map(({ curves }) => curves[name]!);
  const at = (name: string, which: Part) => part(of(name), depths, which);
  const recall = (id: string, label: string, method: string): EstimateHead => ({
    id,
    label,
    unit: "macro recall",
    method: `${method}; mean over nouns, cluster bootstrap of nouns, 2,000 resamples`,
    tolerance: 0.02,
  });
  const probe = "logistic probe for each noun, five folds that hold out cue words, frames balanced in training";

  const word = { early: at("word", "early"), middle: at("word", "middle"), late: at("word", "late") };
  const context = unit(of("context").map(([value]) => value!));
  const rise = difference(word.middle, word.early);
  const random = (kind: "permuted" | "permuted-blocks", which: Part) => part(controls[kind], thirds, which);
  const estimates: Estimate[] = [
    estimateOf(
      context,
      "noun",
      recall("context", "bag of context", `${probe}, on the mean input embedding of the left context`),
    ),
    estimateOf(
      unit(of("cue").map(([v]) => v!)),
      "noun",
      recall("cue", "cue alone", `${probe}, on the cue's input embedding`),
    ),
    estimateOf(
      unit(of("position").map(([v]) => v!)),
      "noun",
      recall("position", "position alone", `${probe}, on place, distance and length in tokens`),
    ),
    estimateOf(
      at("SL", "middle"),
      "noun",
      recall("word-middle-shuffled", "shuffled senses, middle third", `${probe}, senses dealt out anew within frames`),
    ),
    estimateOf(
      random("permuted", "middle"),
      "noun",
      recall(
        "word-middle-random",
        "random weights, middle third",
        `${probe}; entries of every matrix permuted, three seeds, a third of the nouns each`,
      ),
    ),
    estimateOf(
      random("permuted-blocks", "middle"),
      "noun",
      recall(
        "word-middle-random-blocks",
        "random blocks, middle third",
        `${probe}; trained embeddings kept, three seeds, a third of the nouns each`,
      ),
    ),
    ...against(word.middle, context, "noun", {
      ...recall("word-middle", "at the noun, middle third", probe),
      control: "context",
      differenceLabel: "at the noun, less bag of context",
    }),
    ...against(word.early, context, "noun", {
      ...recall("word-early", "at the noun, first third", probe),
      control: "context",
      differenceLabel: "at the noun in the first third, less bag of context",
    }),
    ...against(word.late, context, "noun", {
      ...recall("word-late", "at the noun, last third", probe),
      control: "context",
      differenceLabel: "at the noun in the last third, less bag of context",
    }),
    differenceOf(word.middle, at("SL", "middle"), "word-middle-minus-shuffled", "at the noun, less shuffled senses"),
    differenceOf(
      word.middle,
      random("permuted", "middle"),
      "word-middle-minus-random",
      "at the noun, less random weights",
    ),
    differenceOf(
      word.middle,
      random("permuted-blocks", "middle"),
      "word-middle-minus-random-blocks",
      "at the noun, less random blocks",
    ),
    estimateOf(at("before", "middle"), "noun", recall("before-middle", "token before the noun, middle third", probe)),
    differenceOf(word.middle, at("before", "middle"), "word-minus-before", "at the noun, less the token before"),
    differenceOf(
      word.early,
      at("before", "early"),
      "word-minus-before-early",
      "at the noun, less the token before, first third",
    ),
    estimateOf(at("after", "middle"), "noun", recall("after-middle", "token after the noun, middle third", probe)),
    estimateOf(
      at("later", "middle"),
      "noun",
      recall("later-middle", "second token after the noun, middle third", probe),
    ),
    estimateOf(
      at("centroid", "middle"),
      "noun",
      recall(
        "centroid-middle",
        "nearest centroid, middle third",
        "nearer class mean on standardised features, same folds",
      ),
    ),
    estimateOf(
      difference(random("permuted-blocks", "middle"), random("permuted-blocks", "early")),
      "noun",
      recall("rise-random-blocks", "middle − first third, random blocks", probe),
    ),
    ...against(rise, difference(random("permuted-blocks", "middle"), random("permuted-blocks", "early")), "noun", {
      ...recall("rise", "middle − first third", probe),
      control: "rise-random-blocks",
      differenceLabel: "rise, less that of random blocks",
    }),
    estimateOf(difference(word.late, word.middle), "noun", recall("late-minus-middle", "last − middle third", probe)),
    estimateOf(halfRise(of("word"), depths, seed), "noun", {
      id: "half-rise-depth",
      label: "depth of half the rise",
      unit: "blocks",
      method:
        "first depth, interpolated, at which the mean curve has gone half the way from one half to its highest value; cluster bootstrap of nouns",
      tolerance: 0.5,
    }),
    byCue(found),
  ];

  const axisContext = unit(axis.context);
  estimates.push(
    estimateOf(
      axisContext,
      "noun",
      recall(
        "axis-context",
        "shared axis from the bag of context",
        "probe on the other nouns' mean context embeddings, tested on the noun left out",
      ),
    ),
    ...against(part(axis.model, thirds, "middle"), axisContext, "noun", {
      ...recall(
        "axis-middle",
        "shared axis, held-out nouns, middle third",
        "artifact against the rest, each noun's vectors centred, tested on the noun left out",
      ),
      control: "axis-context",
      differenceLabel: "shared axis, less bag of context",
    }),
  );
  const gap = (set: readonly Similarity[][]) =>
    part(
      set.map((row) => row.map(({ same, other }) => same - other)),
      thirds,
      "middle",
    );
  const cosine = (id: string, label: string, method: string): EstimateHead => ({
    id,
    label,
    unit: "cosine",
    method: `${method}; mean over nouns, cluster bootstrap of nouns`,
    tolerance: 0.01,
  });
  const stat = (pick: (scores: AnchorScores) => number) => unit(anchors.map(pick));
  const share = (id: string, label: string): EstimateHead => ({
    ...cosine(id, label, "squared length of the projection on the plane of the two anchors"),
    unit: "share",
  });
  estimates.push(
    estimateOf(
      gap(cosines.all),
      "noun",
      cosine("similarity-gap", "same − other sense, middle third", "centred cosine, pairs share neither frame nor cue"),
    ),
    estimateOf(
      gap(cosines.trimmed),
      "noun",
      cosine(
        "similarity-gap-trimmed",
        "same − other sense without massive dimensions",
        "the same with massive dimensions at 0",
      ),
    ),
    estimateOf(
      stat(({ others }) => others.weaker),
      "noun",
      cosine(
        "static-weaker-others",
        "weaker anchor, other nouns' anchors",
        "the same with the sense anchors of the other nouns, mean",
      ),
    ),
    estimateOf(
      stat(({ matched }) => matched.weaker),
      "noun",
      cosine(
        "static-weaker-matched",
        "weaker anchor, random words",
        "the same with frequency-matched random nouns, mean over draws",
      ),
    ),
    ...against(
      stat(({ own }) => own.weaker),
      stat(({ others }) => others.weaker),
      "noun",
      {
        ...cosine(
          "static-weaker",
          "static embedding, weaker of two sense anchors",
          "centred cosine to the less similar of the two anchors",
        ),
        control: "static-weaker-others",
        differenceLabel: "weaker anchor, less other nouns' anchors",
      },
    ),
    differenceOf(
      stat(({ own }) => own.weaker),
      stat(({ matched }) => matched.weaker),
      "static-weaker-minus-matched",
      "weaker anchor, less random words",
      "cosine",
    ),
    estimateOf(
      stat(({ others }) => others.explained),
      "noun",
      share("static-explained-others", "explained by another noun's anchors"),
    ),
    ...against(
      stat(({ own }) => own.explained),
      stat(({ others }) => others.explained),
      "noun",
      {
        ...share("static-explained", "static embedding explained by its two anchors"),
        control: "static-explained-others",
        differenceLabel: "explained, less other nouns' anchors",
      },
    ),
  );
  return estimates;
}

function differenceOf(a: Draws, b: Draws, id: string, label: string, unit = "macro recall"): Estimate {
  const method = "paired difference, resampled jointly over nouns";
  return estimateOf(difference(a, b), "noun", { id, label, unit, method, tolerance: 0.02 });
}

/** Where the mean curve has gone half its way from chance to its highest value. */
function halfRise(curves: readonly (readonly number[])[], depths: readonly number[], seed: number): Draws {
  return derive(new UnitTable(curves, seed).draws, (curve) => {
    const half = (0.5 + Math.max(...curve)) / 2;
    const i = curve.findIndex((value) => value >= half);
    if (i <= 0) return [depths[0]!];
    const [low, high] = [curve[i - 1]!, curve[i]!];
    return [depths[i - 1]! + ((half - low) / (high - low)) * (depths[i]! - depths[i - 1]!)];
  });
}

/** The main difference again with cue words as the unit, nouns held fixed: share right at the word less share right from the context. */
function byCue({ lemmas, scores, depths, thirds, seed }: SensesFindings): Estimate {
  const last = depths.at(-1)!;
  const middle = [...depths.keys()].filter((d) => {
    const depth = depths[d]!;
    return thirds.includes(depth) && depth / last >= PARTS.middle[0] && depth / last < PARTS.middle[1];
  });
  const numerators: number[] = [];
  const counts: number[] = [];
  for (const [l, { items }] of lemmas.entries()) {
    const { rightAtWord, rightFromContext } = scores[l]!;
    for (const members of Map.groupBy(items.keys(), (i) => `${items[i]!.sense}/${items[i]!.cue}`).values()) {
      let sum = 0;
      for (const i of members) sum += mean(middle.map((d) => rightAtWord[d]![i]!)) - rightFromContext[i]!;
      numerators.push(sum);
      counts.push(members.length);
    }
  }
  return estimateOf(drawRatios(numerators, counts, 1, { seed }), "cue word", {
    id: "word-middle-minus-context-by-cue",
    label: "at the noun, less bag of context, cue words resampled",
    unit: "share right",
    method: "difference of the shares of sentences told right, cluster bootstrap of cue words, nouns held fixed",
    tolerance: 0.02,
  });
}
