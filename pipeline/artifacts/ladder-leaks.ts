import type { LadderPrompts } from "./content.ts";
import { bare, type Shortcut, shortcutsIn, tells, twice } from "./shortcuts.ts";
import type { Entry, Problem } from "./vault.ts";

export type Ladder = LadderPrompts["ladders"][number];
export type LadderItem = Ladder["items"][number];

/** Items that ask for one of the same two words; with fewer, that a cue tells them apart says nothing. */
const ENOUGH = 6;

/** Words, single digits and single marks: what a prompt's length is told in where there is no tokenizer. */
const pieces = (text: string): string[] => text.toLowerCase().match(/[a-z]+|\d|[^a-z\d\s]/g) ?? [];

const common = shortcutsIn(pieces);

/** What a reader who doesn't do the task could answer by. Numbers have no place of their own: pieces are digits. */
const SHORTCUTS: Readonly<Record<string, Shortcut>> = {
  ...common,
  "the answer stands before the foil": (prompt, answer, foil) =>
    /\d/.test(answer) ? undefined : common["the answer stands before the foil"](prompt, answer, foil),
  "the answer is the larger number": (_, answer, foil) =>
    /^\d+$/.test(answer + foil) ? Number(answer) > Number(foil) : undefined,
};

/** Share of a step's items in which something other than the task points at the answer, of those in which it points at all. */
export interface CueShare {
  readonly cue: string;
  readonly items: number;
  readonly share: number;
}

/** How far each cue would carry a reader at one step of a ladder. */
export function cueShares(items: readonly LadderItem[], step: number): CueShare[] {
  const shortcuts = Object.entries(SHORTCUTS).map(([cue, points]) => {
    const votes = items.flatMap(({ steps, answer, foil }) => points(steps[step]!, bare(answer), bare(foil)) ?? []);
    return { cue, items: votes.length, share: votes.filter(Boolean).length / votes.length };
  });
  const told = Object.entries({
    "the last word tells the answer": (prompt: string) => /s$/.test(pieces(prompt).at(-1)!),
    "the length tells the answer": (prompt: string) => pieces(prompt).length,
  }).map(([cue, of]) => {
    const sets = [...Map.groupBy(items, ({ answer, foil }) => [answer, foil].sort().join()).values()];
    const large = sets.filter((set) => set.length >= ENOUGH);
    const right = large.map((set) => {
      const cells = [...Map.groupBy(set, (item) => of(item.steps[step]!)).values()];
      return sum(
        cells.map((cell) =>
          Math.max(...[...Map.groupBy(cell, ({ answer }) => answer).values()].map((all) => all.length)),
        ),
      );
    });
    const n = sum(large.map((set) => set.length));
    return { cue, items: n, share: sum(right) / n };
  });
  return [...shortcuts, ...told];
}

/**
 * What makes the steps of a ladder differ in more than its difficulty, or lets an item be answered without doing the task: another
 * length, last word or place of the answer at some step; an item twice; a place, a length or a last word that says which answer is right.
 * Lengths are in words, digits and marks; that they are equal in tokens is for tests, which have tokenizers.
 */
export function ladderLeaks({ file, data }: Entry<{ readonly kind: string }>): Problem[] {
  if (data.kind !== "ladders") return [];
  return (data as LadderPrompts).ladders.flatMap((ladder, l) => {
    const problem = (message: string): Problem => ({ file, field: `ladders.${l} (${ladder.id})`, message });
    const { items } = ladder;
    const ids = items.map(({ id }) => id);
    const prompts = items.flatMap(({ steps }) => steps);
    return [
      ...items.flatMap((item) => unlike(ladder, item)),
      ...twice("id", ids),
      ...twice("prompt", prompts),
      ...unbalanced(ladder),
    ].map(problem);
  });
}

/** In what the steps of one item differ, where they must not. */
function unlike(ladder: Ladder, { id, steps, answer, foil }: LadderItem): string[] {
  if (steps.length !== ladder.steps.length)
    return [`the item "${id}" has ${steps.length} steps; expected ${ladder.steps.length}, as the ladder names them`];
  const apart = (what: string, of: (prompt: string) => string | number) => {
    const found = [...new Set(steps.map(of))];
    return found.length === 1
      ? []
      : [
          `the steps of the item "${id}" differ in ${what}: ${found.join(", ")}; expected one for all, so that only difficulty differs`,
        ];
  };
  const place = (prompt: string) => (/^[a-z]+$/.test(bare(answer)) ? pieces(prompt).indexOf(bare(answer)) : -1);
  return [
    ...apart("length (words, digits and marks)", (prompt) => pieces(prompt).length),
    ...apart("last word", (prompt) => pieces(prompt).at(-1)!),
    ...apart("the place of the answer", place),
    ...(bare(answer) === bare(foil) ? [`the item "${id}" has its answer as its foil: change one`] : []),
  ];
}

/** Cues that point one way, and words that are right more often than wrong. */
function unbalanced({ items, steps }: Ladder): string[] {
  const cues = steps.flatMap((_, step) =>
    cueShares(items, step)
      .filter(({ share }) => tells(share))
      .map(
        ({ cue, share, items: n }) =>
          `at step ${step + 1} ${cue} in ${Math.round(100 * share)} % of ${n} items; expected about half, so that it tells nothing`,
      ),
  );
  const times = (word: string, key: "answer" | "foil") => items.filter((item) => item[key] === word).length;
  const words = [...new Set(items.flatMap(({ answer, foil }) => [answer, foil]))];
  const uneven = words.filter((word) => times(word, "answer") !== times(word, "foil"));
  return uneven.length === 0
    ? cues
    : [
        ...cues,
        `"${uneven.join('", "')}" ${uneven.length === 1 ? "is" : "are"} not right as often as wrong: give each as answer and as foil equally often`,
      ];
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
