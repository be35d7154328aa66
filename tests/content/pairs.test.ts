import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PairPrompts } from "../../pipeline/artifacts/content/prompts/pairs.ts";
import { readContent } from "../../pipeline/artifacts/content-files.ts";
import { filled, type PairItem, promptLeaks, shortcutShares } from "../../pipeline/artifacts/prompt-leaks.ts";
import type { Tokenizer } from "../../pipeline/engine/checkpoint.ts";
import { type OpenModel, openCheckpoint } from "../../pipeline/models/open.ts";
import { realModel } from "../support/real-model.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const entry = readContent(root, ["prompts"]).prompts.find(({ id }) => id === "pairs")!;
const { tasks } = entry.data as PairPrompts;
const split = (items: readonly PairItem[], name: PairItem["split"]) => items.filter((item) => item.split === name);
const task = (id: string) => tasks.find((each) => each.id === id)!;

/** Leaks of the set with one of its tasks' items changed. */
function leaksWith(id: string, change: (items: PairItem[]) => PairItem[]): string[] {
  const changed = tasks.map((each) => (each.id === id ? { ...each, items: change([...each.items]) } : each));
  return promptLeaks({ ...entry, data: { ...entry.data, tasks: changed } as PairPrompts }).map(
    ({ message }) => message,
  );
}

describe("pairs of prompts", () => {
  it("are a hundred or more in each of four tasks, in sixteen or more groups that were not chosen on", () => {
    expect(tasks.map(({ id }) => id)).toEqual(["agreement", "indirect-object", "induction", "topic"]);
    for (const { id, items } of tasks) {
      expect(items.length, id).toBeGreaterThanOrEqual(100);
      expect(new Set(split(items, "held-out").map(({ group }) => group)).size, id).toBeGreaterThanOrEqual(16);
    }
  });

  it("don't leak from one split to the other, nor by place or length", () => {
    expect(promptLeaks(entry)).toEqual([]);
    for (const { id, items } of tasks)
      for (const { share, prompts, shortcut } of shortcutShares(items))
        if (prompts > 0) expect(share, `${id}: ${shortcut}`).toBeCloseTo(0.5, 10);
  });

  it.each([
    ["a template", (items: PairItem[]) => items.map((item) => ({ ...item, template: "same" })), /the template "same"/],
    ["a group", ([first, ...rest]: PairItem[]) => [{ ...first!, group: rest.at(-1)!.group }, ...rest], /the group/],
    ["a cue", ([first, ...rest]: PairItem[]) => [{ ...first!, cues: rest.at(-1)!.cues }, ...rest], /the word/],
    [
      "an item",
      ([first, ...rest]: PairItem[]) => [first!, { ...first!, id: "again" }, ...rest],
      /prompt .* stands twice/,
    ],
  ] as const)("of which %s stands in both splits, or twice, are found", (_, change, message) => {
    expect(leaksWith("topic", change as (items: PairItem[]) => PairItem[]).join("\n")).toMatch(message);
  });

  it("of which the place tells the answer are found", () => {
    const early = leaksWith("induction", (items) => items.filter(({ id }) => id.endsWith("early")));
    expect(early.join("\n")).toMatch(/stands before the foil in 100 %/);
  });

  it("agreement: the noun before the verb is singular in half of each subject's items, whichever number is right", () => {
    for (const group of Map.groupBy(task("agreement").items, (item) => item.group).values())
      expect(group.map(({ text }) => /s$/.test(text)).sort()).toEqual([false, true]);
  });

  it("topic: the cue stands two words before the end", () => {
    for (const { text } of task("topic").items) expect(text.split(" ").at(-3), text).toBe("{}");
  });

  it("induction: the two prompts of a pair hold the same words", () => {
    const bag = (item: PairItem, side: 0 | 1) => filled(item, side).split(/\W+/).sort();
    for (const item of task("induction").items) expect(bag(item, 0)).toEqual(bag(item, 1));
  });
});

describe.each([
  ["the real model", realModel(), 1],
  ["Soundings 2M", `${root}/public/models/soundings-2m`, 0.9],
])("as %s has them", (_, path, least) => {
  let model: OpenModel;
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    model = await openCheckpoint(path);
    tokenizer = model.tokenizer()!;
  });
  afterAll(() => model.checkpoint.close());

  it("nearly all are of one length in tokens and have answers that begin apart", () => {
    for (const { id, items } of tasks) {
      const usable = items.filter((item) => {
        const [a, b] = ([0, 1] as const).map((side) => tokenizer.encode(filled(item, side)).length);
        const [x, y] = item.answers.map((answer) => tokenizer.encode(answer)[0]);
        return a === b && x !== y;
      });
      expect(usable.length / items.length, id).toBeGreaterThanOrEqual(least);
    }
  });
});
