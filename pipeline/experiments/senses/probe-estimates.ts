import type { Estimate } from "../../artifacts/schema.ts";
import { type Draws, derive, difference, drawRatios } from "../../statistics/bootstrap.ts";
import { mean } from "../../statistics/summary.ts";
import { estimate } from "../support/estimates.ts";
import { isIn, type Part, perNoun, perNounIn, type SensesFindings } from "./findings.ts";
import { against, differenceOf, recall, UnitTable } from "./report.ts";

const probe = "logistic probe for each noun, five folds that hold out cue words, frames balanced in training";

/** What the probes at the noun, beside it and on the controls tell. */
export function probeEstimates(found: SensesFindings): Estimate[] {
  const { scores, controls, depths, thirds, seed } = found;
  const of = (name: string) => scores.map(({ curves }) => curves[name]!);
  const at = (name: string, part: Part) => perNounIn(part, of(name), depths, found);
  const flat = (name: string) =>
    perNoun(
      of(name).map(([value]) => value!),
      seed,
    );
  const word = { early: at("word", "early"), middle: at("word", "middle"), late: at("word", "late") };
  const context = flat("context");
  const trimmed = perNounIn("middle", of("trimmed"), thirds, found);
  const rise = difference(word.middle, word.early);
  const half = halfRise(of("word"), depths, seed);
  const random = (kind: "permuted" | "permuted-blocks", part: Part) => perNounIn(part, controls[kind], thirds, found);
  return [
    estimate(
      context,
      "noun",
      recall("context", "bag of context", `${probe}, on the mean input embedding of the left context`),
    ),
    estimate(flat("cue"), "noun", recall("cue", "cue alone", `${probe}, on the cue's input embedding`)),
    estimate(
      flat("position"),
      "noun",
      recall("position", "position alone", `${probe}, on place, distance and length in tokens`),
    ),
    estimate(
      at("SL", "middle"),
      "noun",
      recall("word-middle-shuffled", "shuffled senses, middle third", `${probe}, senses dealt out anew within frames`),
    ),
    estimate(
      random("permuted", "middle"),
      "noun",
      recall(
        "word-middle-random",
        "random weights, middle third",
        `${probe}; entries of every matrix permuted, three seeds, a third of the nouns each`,
      ),
    ),
    estimate(
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
    estimate(
      trimmed,
      "noun",
      recall(
        "word-middle-trimmed",
        "at the noun without massive dimensions, middle third",
        `${probe}; massive dimensions at 0`,
      ),
    ),
    differenceOf(
      word.middle,
      trimmed,
      "word-middle-minus-trimmed",
      "at the noun, less that without massive dimensions",
    ),
    estimate(at("before", "middle"), "noun", recall("before-middle", "token before the noun, middle third", probe)),
    differenceOf(word.middle, at("before", "middle"), "word-minus-before", "at the noun, less the token before"),
    differenceOf(
      word.early,
      at("before", "early"),
      "word-minus-before-early",
      "at the noun, less the token before, first third",
    ),
    estimate(at("after", "middle"), "noun", recall("after-middle", "token after the noun, middle third", probe)),
    estimate(at("later", "middle"), "noun", recall("later-middle", "second token after the noun, middle third", probe)),
    estimate(
      at("centroid", "middle"),
      "noun",
      recall(
        "centroid-middle",
        "nearest centroid, middle third",
        "nearer class mean on standardised features, same folds",
      ),
    ),
    estimate(
      difference(random("permuted-blocks", "middle"), random("permuted-blocks", "early")),
      "noun",
      recall("rise-random-blocks", "middle − first third, random blocks", probe),
    ),
    ...against(rise, difference(random("permuted-blocks", "middle"), random("permuted-blocks", "early")), "noun", {
      ...recall("rise", "middle − first third", probe),
      control: "rise-random-blocks",
      differenceLabel: "rise, less that of random blocks",
    }),
    estimate(difference(word.late, word.middle), "noun", recall("late-minus-middle", "last − middle third", probe)),
    estimate(half, "noun", {
      id: "half-rise-depth",
      label: "depth of half the rise",
      unit: "blocks",
      method:
        "first depth, interpolated, at which the mean curve has gone half the way from one half to its highest value; cluster bootstrap of nouns",
      tolerance: 0.5,
    }),
    estimate(
      derive(half, ([depth]) => [depth! / depths.at(-1)!]),
      "noun",
      {
        id: "half-rise-share",
        label: "depth of half the rise, as a share of the blocks",
        unit: "share",
        method: "the same over the number of blocks",
        tolerance: 0.02,
      },
    ),
    byCue(found),
  ];
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
function byCue(found: SensesFindings): Estimate {
  const { lemmas, scores, depths, seed } = found;
  const middle = [...depths.keys()].filter((d) => isIn("middle", depths[d]!, found));
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
  return estimate(drawRatios(numerators, counts, 1, { seed }), "cue word", {
    id: "word-middle-minus-context-by-cue",
    label: "at the noun, less bag of context, cue words resampled",
    unit: "share right",
    method: "difference of the shares of sentences told right, cluster bootstrap of cue words, nouns held fixed",
    tolerance: 0.02,
  });
}
