import type { PairPrompts } from "./content/prompts/pairs.ts";
import type { Entry, Problem } from "./vault.ts";

type Task = PairPrompts["tasks"][number];
export type PairItem = Task["items"][number];
export type Side = 0 | 1;

/** How far from a half a shortcut may come. */
const SLACK = 0.1;

/** The prompt of an item in which the cue of this side stands. */
export const filled = ({ text, cues }: Pick<PairItem, "text" | "cues">, side: Side): string =>
  text.replace("{}", cues[side]).replace("{other}", cues[1 - side]!);

const words = (text: string): string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];

/** What a reader who knows nothing could answer by: whether it points at the answer, and not at the foil; undefined where at neither. */
const SHORTCUTS: Readonly<Record<string, (prompt: string, answer: string, foil: string) => boolean | undefined>> = {
  "the answer stands before the foil": (prompt, answer, foil) => {
    const [a, f] = [answer, foil].map((word) => words(prompt).indexOf(word)) as [number, number];
    return a < 0 || f < 0 ? undefined : a < f;
  },
  "the answer is longer than the foil": (_, answer, foil) =>
    answer.length === foil.length ? undefined : answer.length > foil.length,
};

/** Share of the prompts of a split in which a shortcut points at the answer, of those in which it points at all. */
export interface ShortcutShare {
  readonly shortcut: string;
  readonly prompts: number;
  readonly share: number;
}

export function shortcutShares(items: readonly PairItem[]): ShortcutShare[] {
  return Object.entries(SHORTCUTS).map(([shortcut, points]) => {
    const votes = items.flatMap((item) =>
      ([0, 1] as const).map((side) => {
        const [answer, foil] = [item.answers[side], item.answers[1 - side]!].map((word) => word.trim().toLowerCase());
        return points(filled(item, side), answer!, foil!);
      }),
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
    const twice = (what: string, of: (item: PairItem) => string) => {
      const all = task.items.map(of);
      const again = all.filter((one, i) => all.indexOf(one) < i);
      return again.length === 0 ? [] : [problem(`the ${what} "${again[0]}" stands twice: change or drop one`)];
    };
    return [
      ...inBoth("the template", ({ template }) => [template]),
      ...inBoth("the group", ({ group }) => [group]),
      ...inBoth("the word", (item) => ownWords(task, item)),
      ...twice("id", ({ id }) => id),
      ...twice("prompt", (item) => filled(item, 0)),
      ...[choosing, heldOut].flatMap((items) =>
        shortcutShares(items)
          .filter(({ share }) => Math.abs(share - 0.5) > SLACK)
          .map(({ shortcut, share, prompts }) =>
            problem(
              `in the split "${items[0]!.split}" ${shortcut} in ${Math.round(100 * share)} % of ${prompts} prompts; expected about half, so that it tells nothing`,
            ),
          ),
      ),
    ];
  });
}
