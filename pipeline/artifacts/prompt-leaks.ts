import type { PairPrompts } from "./content.ts";
import { bare, type Shortcut, shortcutsIn, tells, twice } from "./shortcuts.ts";
import type { Entry, Problem } from "./vault.ts";

type Task = PairPrompts["tasks"][number];
export type PairItem = Task["items"][number];
export type Side = 0 | 1;

/** The prompt of an item in which the cue of this side stands. */
export const filled = ({ text, cues }: Pick<PairItem, "text" | "cues">, side: Side): string =>
  text.replace("{}", cues[side]).replace("{other}", cues[1 - side]!);

const words = (text: string): string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];

const SHORTCUTS: Readonly<Record<string, Shortcut>> = shortcutsIn(words);

/** Share of the prompts of a split in which a shortcut points at the answer, of those in which it points at all. */
export interface ShortcutShare {
  readonly shortcut: string;
  readonly prompts: number;
  readonly share: number;
}

export function shortcutShares(items: readonly PairItem[]): ShortcutShare[] {
  return Object.entries(SHORTCUTS).map(([shortcut, points]) => {
    const votes = items.flatMap((item) =>
      ([0, 1] as const).map((side) =>
        points(filled(item, side), bare(item.answers[side]), bare(item.answers[1 - side]!)),
      ),
    );
    const told = votes.filter((vote) => vote !== undefined);
    return { shortcut, prompts: told.length, share: told.filter(Boolean).length / told.length };
  });
}

/** What of an item is not its template's: cues, answers unless they are a closed class, and other filled-in words; a plural counts as its singular. */
function ownWords(task: Task, item: PairItem): Set<string> {
  const texts = task.items.filter(({ template }) => template === item.template).map(({ text }) => words(text));
  const shared = (word: string) => texts.every((text) => text.includes(word));
  const stem = (word: string) => word.replace(/s$/, "");
  return new Set(
    [
      ...words(item.text.replace("{other}", "")).filter((word) => !shared(word)),
      ...item.cues.flatMap(words),
      ...(task.closed ? [] : item.answers.flatMap(words)),
    ].map(stem),
  );
}

/**
 * What lets the splits of a set of pairs see each other, or lets a prompt be answered without its cue: a template, a group
 * or a word that stands in both splits, an item twice, a place or a length that says which answer is right.
 */
export function promptLeaks({ file, data }: Entry<{ readonly kind: string }>): Problem[] {
  if (data.kind !== "pairs") return [];
  return (data as PairPrompts).tasks.flatMap((task, t) => {
    const problem = (message: string): Problem => ({ file, field: `tasks.${t} (${task.id})`, message });
    const [choosing, heldOut] = (["choosing", "held-out"] as const).map((split) =>
      task.items.filter((item) => item.split === split),
    ) as [PairItem[], PairItem[]];
    const inBoth = (what: string, of: (item: PairItem) => Iterable<string>) => {
      const seen = new Set(choosing.flatMap((item) => [...of(item)]));
      const both = new Set(heldOut.flatMap((item) => [...of(item)].filter((each) => seen.has(each))));
      return both.size === 0
        ? []
        : [problem(`${what} "${[...both].join('", "')}" stands in both splits: keep it in one of them`)];
    };
    return [
      ...inBoth("the template", ({ template }) => [template]),
      ...inBoth("the group", ({ group }) => [group]),
      ...inBoth("the word", (item) => ownWords(task, item)),
      ...[
        ...twice(
          "id",
          task.items.map(({ id }) => id),
        ),
        ...twice(
          "prompt",
          task.items.map((item) => filled(item, 0)),
        ),
      ].map(problem),
      ...[choosing, heldOut].flatMap((items) =>
        shortcutShares(items)
          .filter(({ share }) => tells(share))
          .map(({ shortcut, share, prompts }) =>
            problem(
              `in the split "${items[0]!.split}" ${shortcut} in ${Math.round(100 * share)} % of ${prompts} prompts; expected about half, so that it tells nothing`,
            ),
          ),
      ),
    ];
  });
}
