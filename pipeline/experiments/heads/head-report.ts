import { shortcutShares } from "../../artifacts/prompt-leaks.ts";
import type { Table } from "../../artifacts/schema.ts";
import type { CurvePoint, Quantity, Series } from "../../artifacts/tables.ts";
import { drawRatios, intervals } from "../../statistics/bootstrap.ts";
import { holm } from "../../statistics/holm.ts";
import { signFlip } from "../../statistics/permutation.ts";
import { column } from "../support/column.ts";
import { byGroup, type Case, groupCount, type PairTask } from "./cases.ts";
import type { RandomFound } from "./head-estimates.ts";
import type { PairedTask, TaskFound } from "./measure-task.ts";

/** Sign patterns drawn: enough for the least p to stand after Holm over 60 heads. */
const PERMUTATIONS = 19_999;

/** Every head that was measured, with p after Holm over all of them, for each task and either intervention. */
export function headTable(tasks: readonly TaskFound[], nHeads: number, seed: number): Table {
  const rows = tasks.flatMap((found) => {
    const { task, cases, heads, patched, cut, choice, look } = found;
    const whole = cases.reduce((sum, _, i) => sum + patched.clean[i]! - patched.corrupted[i]!, 0);
    const tested = (values: Float64Array) => {
      const tests = heads.map((_, h) => {
        const sums = byGroup(cases, (i) => values[i * heads.length + h]!);
        const { p } = signFlip(sums, { permutations: PERMUTATIONS, seed });
        return { share: sums.reduce((a, b) => a + b, 0) / whole, p };
      });
      const adjusted = holm(tests.map(({ p }) => p));
      return tests.map((test, h) => ({ ...test, adjusted: adjusted[h]! }));
    };
    const [byPatch, byCut] = [tested(patched.falls), tested(cut)];
    return heads.map((head, h) => [
      task.id,
      Math.floor(head / nHeads),
      head % nHeads,
      choice.chosen.includes(head) ? "chosen" : "drawn",
      look.attribution[head]!,
      look.looks[head]!,
      byPatch[h]!.share,
      byPatch[h]!.p,
      byPatch[h]!.adjusted,
      byCut[h]!.share,
      byCut[h]!.p,
      byCut[h]!.adjusted,
    ]);
  });
  const share = "of the whole difference";
  return {
    title: "Heads",
    columns: [
      column("task", "string", "", "id of the task"),
      column("block", "integer", "", "block"),
      column("head", "integer", "", "head of the block"),
      column("set", "string", "", "chosen on other items, or drawn from the rest"),
      column("attribution", "number", "logits", "first-order fall on the choosing items"),
      column("looks", "number", "", "attention from the last position to the cue there"),
      column("patched", "number", share, "fall on held-out items when its value is the corrupted prompt's"),
      column("p", "number", "", "sign-flip test over groups, two-sided"),
      column("holm", "number", "", "the same, adjusted for all heads of the task (Holm)"),
      column("cut", "number", share, "fall when it may not read the cue"),
      column("p cut", "number", "", "sign-flip test over groups, two-sided"),
      column("holm cut", "number", "", "the same, adjusted (Holm)"),
    ],
    rows,
  };
}

/** What the prompt set holds, and what of it this tokenizer leaves. */
export function balanceTable(tasks: readonly PairedTask[]): Table {
  const rows = tasks.flatMap(({ task, choosing, cases }) =>
    (
      [
        ["choosing", choosing],
        ["held-out", cases],
      ] as const
    ).map(([split, kept]) => {
      const items = task.items.filter((item) => item.split === split);
      const shares = shortcutShares(items).map(({ share }) => (Number.isFinite(share) ? share : null));
      return [
        task.id,
        split,
        items.length,
        new Set(items.map(({ group }) => group)).size,
        new Set(items.map(({ template }) => template)).size,
        kept.length,
        groupCount(kept),
        meanOf(kept, ({ clean }) => clean.length),
        meanOf(kept, ({ clean, cue }) => clean.length - 1 - cue.at(-1)!),
        ...shares,
      ];
    }),
  );
  return {
    title: "Balance",
    columns: [
      column("task", "string", "", "id of the task"),
      column("split", "string", "", "choosing or held-out"),
      column("items", "integer", "", "pairs of prompts"),
      column("groups", "integer", "", "groups that share their words"),
      column("templates", "integer", "", "templates"),
      column("kept", "integer", "", "pairs of one length in these tokens, with answers that begin apart"),
      column("groups kept", "integer", "", "their groups"),
      column("tokens", "number", "tokens", "mean length"),
      column("distance", "number", "tokens", "mean distance from the cue's end to the last position"),
      column(
        "answer first",
        "number",
        "",
        "share of prompts in which the answer stands before the foil, of those with both",
      ),
      column("answer longer", "number", "", "share in which it is the longer word, of those where one is"),
    ],
    rows,
  };
}

const meanOf = (cases: readonly Case[], of: (each: Case) => number) =>
  cases.length === 0 ? null : cases.reduce((sum, each) => sum + of(each), 0) / cases.length;

/** Means over a block's heads, by block: attention to the cue, and what the writes say of the right words. */
export function headCurves(
  { task: { id }, cases, attention, written }: TaskFound,
  random: RandomFound,
  nHeads: number,
  seed: number,
): CurvePoint[] {
  const curve = (quantity: string, series: string, values: Float64Array) => {
    const heads = values.length / cases.length;
    const blocks = heads / nHeads;
    const groups = groupCount(cases);
    const sums = new Float64Array(groups * blocks);
    cases.forEach(({ group }, i) => {
      for (let h = 0; h < heads; h++) sums[group * blocks + Math.floor(h / nHeads)]! += values[i * heads + h]! / nHeads;
    });
    const draws = drawRatios(
      sums,
      byGroup(cases, () => 1),
      blocks,
      { seed },
    );
    return intervals(draws).map((interval, x) => ({ quantity: `${quantity}-${id}`, series, x, ...interval }));
  };
  return [
    ...curve("attention", "model", attention.cue),
    ...curve("attention", "beside", attention.beside),
    ...curve("written", "model", written),
    ...curve("written", "RW", random.written!),
  ];
}

export const quantitiesOf = (tasks: readonly Pick<PairTask, "id" | "title">[]): Quantity[] =>
  tasks.flatMap(({ id, title }) => [
    {
      quantity: `attention-${id}`,
      label: `attention to the cue: ${title.toLowerCase()}`,
      unit: "of the attention",
      x: "block",
      about: "pattern from the last position to the cue's tokens, mean over a block's heads",
    },
    {
      quantity: `written-${id}`,
      label: `written of the right words: ${title.toLowerCase()}`,
      unit: "standard deviations",
      x: "block",
      about:
        "logits of the right side's words less the wrong side's by each head's write at the last position, over their deviation on the vocabulary; mean over a block's heads",
    },
  ]);

export const SERIES: readonly Series[] = [
  { series: "model", label: "the model", role: "measurement", about: "held-out items" },
  {
    series: "beside",
    label: "beside the cue",
    role: "control",
    about: "mean of what stands before the cue and after it",
  },
  {
    series: "RW",
    label: "random weights",
    role: "control",
    about: "entries of every matrix permuted, gains kept; mean over seeds",
  },
];
