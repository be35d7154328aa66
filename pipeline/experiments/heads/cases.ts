import type { PairPrompts } from "../../artifacts/content/prompts/pairs.ts";
import { filled, type PairItem, type Side } from "../../artifacts/prompt-leaks.ts";
import type { Pair } from "../../engine/attribution/pairs.ts";
import type { Tokenizer } from "../../engine/checkpoint.ts";

export type PairTask = PairPrompts["tasks"][number];

/** One prompt of an item and its pair as tokens, with the places that count. */
export interface Case extends Pair {
  /** Items of a group share their words: the unit of resampling, numbered from 0 among those that are kept. */
  readonly group: number;
  /** Positions of the cue's tokens. */
  readonly cue: readonly number[];
  /** As many positions right before it and right after it (fewer where there aren't as many); not the first, and not the last. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** First tokens of words of the right topic other than the cue, and of the wrong one: none stands on both sides. */
  readonly own: readonly number[];
  readonly foreign: readonly number[];
}

/**
 * The items of a split, one prompt of each as the clean one; which of the two takes turns within a group and from group to
 * group. Left out are items whose prompts differ in length in these tokens, or whose answers begin with one token.
 */
export function casesOf({ items }: PairTask, split: PairItem["split"], tokenizer: Tokenizer): Case[] {
  const groups = Map.groupBy(
    items.filter((item) => item.split === split),
    ({ group }) => group,
  );
  const kept = [...groups.values()].flatMap((members, g) => {
    const cases = members.flatMap((item, i) => {
      const found = caseOf(item, ((g + i) % 2) as Side, members, tokenizer);
      return found ? [found] : [];
    });
    return cases.length > 0 ? [cases] : [];
  });
  return kept.flatMap((cases, group) => cases.map((each) => ({ ...each, group })));
}

function caseOf(
  item: PairItem,
  side: Side,
  group: readonly PairItem[],
  tokenizer: Tokenizer,
): Omit<Case, "group"> | undefined {
  const other = (1 - side) as Side;
  const [clean, corrupted] = [side, other].map((one) => tokenizer.encode(filled(item, one))) as [number[], number[]];
  const first = (word: string) => tokenizer.encode(` ${word.trim()}`)[0]!;
  const candidates = [first(item.answers[side]), first(item.answers[other])] as const;
  if (clean.length !== corrupted.length || candidates[0] === candidates[1]) return undefined;

  const [start] = item.text.split("{}");
  const before = filled({ ...item, text: start! }, side).trimEnd();
  const from = tokenizer.encode(before).length;
  const to = tokenizer.encode(`${before} ${item.cues[side]}`).length;
  const last = clean.length - 1;
  const beside = (at: number) => (at > 0 && at < last ? [at] : []);
  const cue = Array.from({ length: to - from }, (_, i) => from + i);

  const wordsOf = (one: Side) =>
    [item.answers[one], ...group.map(({ cues }) => cues[one]).filter((word) => word !== item.cues[one])].map(first);
  const [own, foreign] = apart(wordsOf(side), wordsOf(other));
  return {
    clean,
    corrupted,
    candidates,
    cue,
    before: cue.flatMap((_, i) => beside(from - 1 - i)),
    after: cue.flatMap((_, i) => beside(to + i)),
    own: own.length > 0 && foreign.length > 0 ? own : [candidates[0]],
    foreign: own.length > 0 && foreign.length > 0 ? foreign : [candidates[1]],
  };
}

/** Each side's ids, once each, without those that are on both. */
function apart(a: readonly number[], b: readonly number[]): [number[], number[]] {
  return [[...new Set(a)].filter((id) => !b.includes(id)), [...new Set(b)].filter((id) => !a.includes(id))];
}

/** How many groups cases are of. */
export const groupCount = (cases: readonly Pick<Case, "group">[]): number =>
  new Set(cases.map(({ group }) => group)).size;

/** Σ over the cases of each group: [groups]. */
export function byGroup(cases: readonly Pick<Case, "group">[], value: (index: number) => number): Float64Array {
  const sums = new Float64Array(groupCount(cases));
  cases.forEach(({ group }, index) => {
    sums[group]! += value(index);
  });
  return sums;
}
