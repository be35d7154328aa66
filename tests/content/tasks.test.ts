import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { TaskPrompts } from "../../pipeline/artifacts/content/prompts/tasks.ts";
import { readContent } from "../../pipeline/artifacts/content-files.ts";

type Item = TaskPrompts["tasks"][number]["items"][number];

const root = fileURLToPath(new URL("../..", import.meta.url));
const data = readContent(root, ["prompts"]).prompts.find(({ id }) => id === "tasks")?.data;
if (data?.kind !== "tasks") throw new Error("expected content/prompts/tasks.yaml to be of kind tasks");
const { tasks } = data;

const items = (id: string): Item[] => {
  const found = tasks.find((task) => task.id === id);
  if (!found) throw new Error(`expected a task ${id}, found ${tasks.map((task) => task.id).join(", ")}`);
  return found.items;
};
const words = (text: string): string[] => text.match(/[A-Za-z]+/g) ?? [];
const share = (list: readonly Item[], holds: (item: Item) => boolean) => list.filter(holds).length / list.length;

it("has at least four tasks of 40 or more items", () => {
  expect(tasks.length).toBeGreaterThanOrEqual(4);
  for (const { id, items: list } of tasks) expect(list.length, id).toBeGreaterThanOrEqual(40);
});

describe.each(tasks.map((task) => [task.id, task.items] as const))("%s", (_, list) => {
  it("ends before the word to come, which like its foil starts with a space", () => {
    for (const { id, prompt, answer, foil } of list) {
      expect(prompt, id).toMatch(/\S$/);
      for (const word of [answer, foil]) expect(word, id).toMatch(/^ [A-Za-z]+$/);
      expect(answer, id).not.toBe(foil);
    }
  });

  it("has no id and no prompt twice", () => {
    expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
    expect(new Set(list.map(({ prompt }) => prompt)).size).toBe(list.length);
  });

  it("has every word right as often as wrong, so that a liking for a word earns nothing", () => {
    const sorted = (key: "answer" | "foil") => list.map((item) => item[key]).sort();
    expect(sorted("answer")).toEqual(sorted("foil"));
  });
});

describe("what a shortcut would earn", () => {
  it("agreement: the noun next to the verb always has the other number", () => {
    const list = items("agreement");
    for (const { prompt, answer } of list) {
      const [, subject = "", ...rest] = words(prompt);
      const plural = (noun: string) => /s$/.test(noun) || noun === "children";
      expect(plural(subject), prompt).toBe([" are", " were", " have"].includes(answer));
      expect(plural(rest.at(-1) ?? ""), prompt).toBe(!plural(subject));
    }
    expect(share(list, ({ answer }) => [" are", " were", " have"].includes(answer))).toBe(0.5);
  });

  it("indirect object: the receiver is named first in half of the items, and only once", () => {
    const list = items("indirect-object");
    const times = (prompt: string, name: string) => words(prompt).filter((word) => word === name.trim()).length;
    for (const { prompt, answer, foil } of list) {
      expect(times(prompt, answer), prompt).toBe(1);
      expect(times(prompt, foil), prompt).toBe(2);
    }
    expect(share(list, ({ prompt, answer, foil }) => prompt.indexOf(answer) < prompt.indexOf(foil))).toBe(0.5);
  });

  it("induction: the last word stood before the answer, and the foil comes later in half of the items", () => {
    const list = items("induction");
    for (const { prompt, answer, foil } of list) {
      const all = words(prompt);
      const last = all.at(-1) ?? "";
      expect(all.indexOf(last), prompt).toBeLessThan(all.length - 1);
      expect(all[all.indexOf(last) + 1], prompt).toBe(answer.trim());
      expect(all, prompt).toContain(foil.trim());
    }
    expect(share(list, ({ prompt, answer, foil }) => prompt.indexOf(answer) < prompt.indexOf(foil))).toBe(0.5);
  });

  it("topic word: two topics share a frame, with right and wrong exchanged, and stand two words back", () => {
    const list = items("topic-word");
    const topic = ({ prompt }: Item) => words(prompt).at(-3) ?? "";
    const pairs = Map.groupBy(list, (item) => item.prompt.replace(` ${topic(item)} `, " {} "));
    for (const [frame, pair] of pairs) {
      expect(pair.length, frame).toBe(2);
      const [one, other] = pair as [Item, Item];
      expect([one.answer, one.foil], frame).toEqual([other.foil, other.answer]);
    }
  });

  it("capitals: neither word stands in the prompt", () => {
    for (const { prompt, answer, foil } of items("capital"))
      for (const word of [answer, foil]) expect(prompt).not.toContain(word);
  });
});
