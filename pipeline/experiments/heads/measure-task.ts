import type { Tokenizer } from "../../engine/checkpoint.ts";
import type { LanguageModel } from "../../engine/run/language-model.ts";
import { drawRatios, intervals } from "../../statistics/bootstrap.ts";
import { byGroup, type Case, casesOf, groupCount, type PairTask } from "./cases.ts";
import { attentionTo, type Choice, chooseHeads, type FirstLook, firstLook, type Head } from "./choose-heads.ts";
import { type Cut, cutMargins, type Patched, patchHeads } from "./patch-heads.ts";
import { writtenWords } from "./written-words.ts";

export interface HeadParameters {
  /** Heads chosen, and as many drawn. */
  readonly heads: number;
  /** Of the chosen ones, those whose writes are read. */
  readonly readers: number;
  /** Groups of items that either split must have in these tokens. */
  readonly leastGroups: number;
}

/** A task as a model has it: its items in tokens, and how the two prompts of each come out. */
export interface PairedTask {
  readonly task: PairTask;
  readonly choosing: readonly Case[];
  /** The held-out cases. */
  readonly cases: readonly Case[];
}

/** All that was measured of one task. Effects are falls of the clean margin, in logits. */
export interface TaskFound extends PairedTask {
  readonly look: FirstLook;
  readonly choice: Choice;
  /** Heads in order of `falls`: the chosen, then the drawn. */
  readonly heads: readonly Head[];
  readonly patched: Patched;
  /** [cases × heads] when this head alone may not read the cue from the last position. */
  readonly cut: Float64Array;
  /** [cases] when no head may read the cue from there; and the mean of when none may read what stands before it, or after it. */
  readonly cutCue: Float64Array;
  readonly cutBeside: Float64Array;
  /** [cases] the latter for the first reader alone. */
  readonly readerBeside: Float64Array;
  /** [cases × all heads] attention from there to the cue, and to what stands beside it. */
  readonly attention: { readonly cue: Float64Array; readonly beside: Float64Array };
  /** [cases × all heads] see `writtenWords`. */
  readonly written: Float64Array;
}

/** Tasks of the set in this model's tokens; those with too few groups of items left are told apart. */
export function pairedTasks(tasks: readonly PairTask[], tokenizer: Tokenizer, leastGroups: number) {
  const all = tasks.map(
    (task): PairedTask => ({
      task,
      choosing: casesOf(task, "choosing", tokenizer),
      cases: casesOf(task, "held-out", tokenizer),
    }),
  );
  const enough = ({ choosing, cases }: PairedTask) => Math.min(groupCount(choosing), groupCount(cases)) >= leastGroups;
  return { usable: all.filter(enough), left: all.filter((each) => !enough(each)) };
}

/** Whether the answer is the likelier one in more than half of the cases, by the lower end of the interval. */
export function isDone(cases: readonly Case[], clean: Float64Array, seed: number): boolean {
  const right = byGroup(cases, (i) => Number(clean[i]! > 0));
  const [accuracy] = intervals(
    drawRatios(
      right,
      byGroup(cases, () => 1),
      1,
      { seed },
    ),
  );
  return accuracy!.lo > 0.5;
}

export async function measureTask(
  model: LanguageModel,
  paired: PairedTask,
  { heads: most, readers }: HeadParameters,
  seed: number,
  progress: (share: number, what: string) => void,
  signal: AbortSignal,
): Promise<TaskFound> {
  const { choosing, cases } = paired;
  const look = await firstLook(model, choosing, signal);
  progress(0.1, "heads chosen");
  const choice = chooseHeads(look, most, seed);
  const heads = [...choice.chosen, ...choice.drawn];
  const patched = await patchHeads(model, cases, heads, signal);
  progress(0.5, "heads patched");
  const reader = choice.readers[0]!;
  const cuts: Cut[] = [
    ...heads.map((head) => ({ head, keys: ({ cue }: Case) => cue })),
    { keys: ({ cue }) => cue },
    ...[undefined, reader].flatMap((head) =>
      (["before", "after"] as const).map((side) => ({ head, keys: (of: Case) => beside(of, side) })),
    ),
  ];
  const margins = await cutMargins(model, cases, cuts, signal);
  const fall = (at: number) => cases.map((_, i) => patched.clean[i]! - margins[i * cuts.length + at]!);
  const column = (at: number) => Float64Array.from(fall(heads.length + at));
  const between = (a: Float64Array, b: Float64Array) => a.map((value, i) => (value + b[i]!) / 2);
  progress(0.9, "edges cut");
  const byHead = heads.map((_, at) => fall(at));
  return {
    ...paired,
    look,
    choice: { ...choice, readers: choice.readers.slice(0, readers) },
    heads,
    patched,
    cut: Float64Array.from({ length: cases.length * heads.length }, (_, i) => {
      return byHead[i % heads.length]![Math.floor(i / heads.length)]!;
    }),
    cutCue: column(0),
    cutBeside: between(column(1), column(2)),
    readerBeside: between(column(3), column(4)),
    attention: await attentionTo(model, cases, signal),
    written: await writtenWords(model, cases, seed, signal),
  };
}

/** What stands on this side of the cue, or on the other where nothing does that may be cut off. */
function beside({ before, after }: Case, side: "before" | "after"): readonly number[] {
  const [one, other] = side === "before" ? [before, after] : [after, before];
  return one.length > 0 ? one : other;
}
