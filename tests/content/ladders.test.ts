import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { LadderPrompts } from "../../pipeline/artifacts/content/prompts/ladders.ts";
import { readContent } from "../../pipeline/artifacts/content-files.ts";
import { cueShares, type LadderItem, ladderLeaks } from "../../pipeline/artifacts/ladder-leaks.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const entry = readContent(root, ["prompts"]).prompts.find(({ id }) => id === "ladders")!;
const { ladders } = entry.data as LadderPrompts;

/** Leaks of the set with the items of one ladder changed. */
function leaksWith(id: string, change: (items: LadderItem[]) => LadderItem[]): string {
  const changed = ladders.map((each) => (each.id === id ? { ...each, items: change([...each.items]) } : each));
  const data = { ...entry.data, ladders: changed } as LadderPrompts;
  return ladderLeaks({ ...entry, data })
    .map(({ message }) => message)
    .join("\n");
}
/** The first item with its last step changed. */
const lastStep = (to: (prompt: string) => string) => (items: LadderItem[]) =>
  items.map((item, i) => (i === 0 ? { ...item, steps: [...item.steps.slice(0, -1), to(item.steps.at(-1)!)] } : item));

describe("ladders of prompts", () => {
  it("hold nothing that gives their answers away", () => {
    expect(ladderLeaks(entry)).toEqual([]);
    for (const { id, items, steps } of ladders)
      for (const k of steps.keys())
        for (const { cue, share, items: n } of cueShares(items, k))
          if (n > 0) expect(share, `${id}: ${cue}`).toBeCloseTo(0.5, 10);
  });

  it.each([
    ["recall", "another length", lastStep((prompt) => `Now ${prompt}`), /differ in length/],
    ["recall", "another last word", lastStep((prompt) => prompt.replace(/a$/, "the")), /differ in last word/],
    [
      "recall",
      "the answer first",
      (items: LadderItem[]) => items.filter(({ id }) => id.at(-7)! < id.at(-1)!),
      /before the foil/,
    ],
    [
      "agreement",
      "one number",
      (items: LadderItem[]) => items.filter(({ id }) => id.endsWith("plural")),
      /as often as wrong/,
    ],
    [
      "agreement",
      "the last word's number",
      (items: LadderItem[]) =>
        items.filter(({ answer, steps }) => /s$/.test(steps[0]!) === /are|were|have/.test(answer)),
      /last word tells/,
    ],
    [
      "sums",
      "the larger number",
      (items: LadderItem[]) => items.filter(({ answer, foil }) => answer > foil),
      /larger number in 100 %/,
    ],
    [
      "sums",
      "an item twice",
      ([first, ...rest]: LadderItem[]) => [first!, { ...first!, id: "again" }, ...rest],
      /prompt .* stands twice/,
    ],
  ] as const)("%s: a planted leak, %s, is found", (id, _, change, message) => {
    expect(leaksWith(id, change)).toMatch(message);
  });
});
