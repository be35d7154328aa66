import type { Estimate } from "../../artifacts/schema.ts";
import { type Draws, drawRatios } from "../../statistics/bootstrap.ts";
import { controlled } from "../support/estimates.ts";
import { byGroup, type Case } from "./cases.ts";
import type { TaskFound } from "./measure-task.ts";

/** What models with random weights did on a task's held-out cases, means over the models. */
export interface RandomFound {
  /** [cases] share of models with the answer likelier than the foil. */
  readonly right: Float64Array;
  /** [cases × all heads] what their heads' writes say of the topic's words; none where the task isn't measured. */
  readonly written?: Float64Array;
}

type Column = (index: number) => number;

const PER = "group of items";
const SHARE = "of the whole difference";
const OF = "as a share of the difference between the clean margin and the corrupted prompt's; bootstrap over groups";

/** Σ value / Σ weight over cases, groups resampled together. */
const ratio = (cases: readonly Case[], value: Column, weight: Column, seed: number): Draws =>
  drawRatios(byGroup(cases, value), byGroup(cases, weight), 1, { seed });

/** Mean over some columns of [rows × width]. */
const meanOf =
  (values: Float64Array, width: number, columns: readonly number[]): Column =>
  (row) =>
    columns.reduce((sum, c) => sum + values[row * width + c]!, 0) / columns.length;

/** Accuracy of a task, which is there whether it is done or not. */
export function accuracyEstimates(
  id: string,
  title: string,
  cases: readonly Case[],
  clean: Float64Array,
  { right }: RandomFound,
  seed: number,
): Estimate[] {
  const one = () => 1;
  return controlled(
    ratio(cases, (i) => Number(clean[i]! > 0), one, seed),
    ratio(cases, (i) => right[i]!, one, seed),
    "rw",
    "random weights",
    PER,
    {
      id: `accuracy-${id}`,
      label: `Accuracy: ${title}`,
      unit: "of prompts",
      method: "share of held-out prompts whose answer has a higher logit than its foil; bootstrap over groups",
      tolerance: 0.05,
    },
  );
}

/** Everything that was measured on a task that the model does. */
export function headEstimates(found: TaskFound, random: RandomFound, allHeads: number, seed: number): Estimate[] {
  const { task, cases, heads, patched, cut, cutCue, cutBeside, readerBeside, attention, choice } = found;
  const { id, title } = task;
  const whole: Column = (i) => patched.clean[i]! - patched.corrupted[i]!;
  const share = (value: Column) => ratio(cases, value, whole, seed);
  const mean = (value: Column) => ratio(cases, value, () => 1, seed);
  const places = (of: readonly number[]) => of.map((head) => heads.indexOf(head));
  const drawn = places(choice.drawn);
  const patchedAt = (columns: readonly number[]) => share(meanOf(patched.falls, heads.length, columns));
  const reader = choice.readers[0]!;
  const beside = "what stands beside the cue";
  return [
    ...controlled(
      share((i) => cutCue[i]!),
      share((i) => cutBeside[i]!),
      "beside",
      beside,
      PER,
      {
        id: `cut-cue-${id}`,
        label: `Fall when the last position may not read the cue: ${title}`,
        unit: SHARE,
        method: `edges from the last position to the cue's tokens cut in every head of every block; ${OF}`,
        tolerance: 0.02,
      },
    ),
    ...controlled(patchedAt(places(choice.chosen)), patchedAt(drawn), "drawn", "heads drawn from the rest", PER, {
      id: `chosen-heads-${id}`,
      label: `Fall by a chosen head, patched: ${title}`,
      unit: SHARE,
      method: `one head's value at the last position as in the corrupted prompt; mean of ${choice.chosen.length} heads that attribution patching had put first on other items; ${OF}`,
      tolerance: 0.01,
    }),
    ...controlled(patchedAt(places(choice.chosen.slice(0, 1))), patchedAt(drawn), "drawn", "heads drawn", PER, {
      id: `best-head-${id}`,
      label: `Fall by the first head, patched: ${title}`,
      unit: SHARE,
      method: `the head that attribution patching had put first on other items, its value at the last position as in the corrupted prompt; ${OF}`,
      tolerance: 0.02,
    }),
    ...controlled(
      share(meanOf(cut, heads.length, places([reader]))),
      share((i) => readerBeside[i]!),
      "beside",
      beside,
      PER,
      {
        id: `cut-head-${id}`,
        label: `Fall when one head may not read the cue: ${title}`,
        unit: SHARE,
        method: `the edge to the cue cut in the one head that came first by attribution times attention to the cue on other items; ${OF}`,
        tolerance: 0.02,
      },
    ),
    ...controlled(
      mean(meanOf(attention.cue, allHeads, [reader])),
      mean(meanOf(attention.beside, allHeads, [reader])),
      "beside",
      beside,
      PER,
      {
        id: `looks-${id}`,
        label: `Attention of that head to the cue: ${title}`,
        unit: "of its attention",
        method: "pattern from the last position, summed over the cue's tokens; bootstrap over groups",
        tolerance: 0.02,
      },
    ),
    ...writeEstimates(found, random, allHeads, mean),
  ];
}

/** The write of the heads that read the cue, against heads drawn, and against the same places under random weights. */
function writeEstimates(
  { task: { id, title }, written, choice }: TaskFound,
  random: RandomFound,
  allHeads: number,
  mean: (value: Column) => Draws,
): Estimate[] {
  const own = mean(meanOf(written, allHeads, choice.readers));
  const naming = {
    id: `write-${id}`,
    label: `What the heads that read the cue write of the right words: ${title}`,
    unit: "standard deviations",
    method: `logit of the right side's words less the wrong side's by the head's write alone, over its deviation on the vocabulary; mean of ${choice.readers.length} heads; bootstrap over groups`,
    tolerance: 0.05,
  };
  const against = (control: Draws, code: string, words: string) => controlled(own, control, code, words, PER, naming);
  return [
    ...against(mean(meanOf(written, allHeads, choice.drawn)), "drawn", "heads drawn"),
    // The figure itself stands above.
    ...against(mean(meanOf(random.written!, allHeads, choice.readers)), "rw", "random weights").slice(1),
  ];
}

/** Ids of what {@link headEstimates} gives for a task. */
export const headIds = (id: string): string[] =>
  (
    [
      ["cut-cue", ["beside"]],
      ["chosen-heads", ["drawn"]],
      ["best-head", ["drawn"]],
      ["cut-head", ["beside"]],
      ["looks", ["beside"]],
      ["write", ["drawn", "rw"]],
    ] as const
  ).flatMap(([what, codes]) => [
    `${what}-${id}`,
    ...codes.flatMap((code) => [`${what}-${id}-${code}`, `${what}-${id}-beyond-${code}`]),
  ]);

/** Ids of what {@link accuracyEstimates} gives for a task. */
export const accuracyIds = (id: string): string[] =>
  ["", "-rw", "-beyond-rw"].map((suffix) => `accuracy-${id}${suffix}`);
