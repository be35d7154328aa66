/** How far from a half a shortcut may come. */
const SLACK = 0.1;

/** What a reader who doesn't do the task could answer by: whether it points at the answer, undefined where at neither word. */
export type Shortcut = (prompt: string, answer: string, foil: string) => boolean | undefined;

/** The shortcuts that every prompt with an answer and a foil offers; `words` takes a prompt apart. Answer and foil are bare words in small letters. */
export const shortcutsIn = (words: (prompt: string) => readonly string[]) =>
  ({
    "the answer stands before the foil": (prompt, answer, foil) => {
      const all = words(prompt);
      const [a, f] = [all.indexOf(answer), all.indexOf(foil)];
      return a < 0 || f < 0 ? undefined : a < f;
    },
    "the answer is longer than the foil": (_, answer, foil) =>
      answer.length === foil.length ? undefined : answer.length > foil.length,
  }) satisfies Readonly<Record<string, Shortcut>>;

/** A word without the space before it, in small letters. */
export const bare = (word: string): string => word.trim().toLowerCase();

/** Whether a share tells more than a coin. */
export const tells = (share: number): boolean => Math.abs(share - 0.5) > SLACK;

/** Complains of the first that stands twice, if any does. */
export function twice(what: string, all: readonly string[]): string[] {
  const found = all.find((one, i) => all.indexOf(one) < i);
  return found === undefined ? [] : [`the ${what} "${found}" stands twice: change or drop one`];
}
