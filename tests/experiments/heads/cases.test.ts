import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PairPrompts } from "../../../pipeline/artifacts/content/prompts/pairs.ts";
import { readContent } from "../../../pipeline/artifacts/content-files.ts";
import { type Case, casesOf, groupCount } from "../../../pipeline/experiments/heads/cases.ts";
import { type OpenedLanguageModel, openLanguageModel } from "../../../pipeline/runtime/open-model.ts";

const { tasks } = readContent(process.cwd(), ["prompts"]).prompts.find(({ id }) => id === "pairs")!.data as PairPrompts;
const task = (id: string) => tasks.find((each) => each.id === id)!;

let opened: OpenedLanguageModel;
beforeAll(async () => {
  opened = await openLanguageModel("smollm2-135m");
});
afterAll(() => opened.release());
const text = (ids: readonly number[]) => ids.map((id) => opened.tokenizer.token(id)).join("");
const at = (one: Case, keys: readonly number[]) => text(keys.map((key) => one.clean[key]!)).trim();

describe("cases of the real model", () => {
  it("have the cue where the prompts of a pair differ, and neighbours that are neither it nor the ends", () => {
    for (const each of tasks)
      for (const one of casesOf(each, "held-out", opened.tokenizer)) {
        const unlike = one.clean.flatMap((id, t) => (id === one.corrupted[t] ? [] : [t]));
        for (const key of one.cue) expect(unlike).toContain(key);
        for (const key of [...one.before, ...one.after]) {
          expect(one.cue).not.toContain(key);
          expect(key).toBeGreaterThan(0);
          expect(key).toBeLessThan(one.clean.length - 1);
        }
        // Before and after are as far from the last position, on average, as the cue.
        if (one.before.length === one.after.length)
          expect((one.before[0]! + one.after[0]!) / 2).toBe((one.cue[0]! + one.cue.at(-1)!) / 2);
      }
  });

  it("take either prompt of a pair for the clean one in turn, in every group", () => {
    for (const each of tasks) {
      const cases = casesOf(each, "held-out", opened.tokenizer);
      expect(groupCount(cases)).toBeGreaterThanOrEqual(16);
      for (const group of Map.groupBy(cases, (one) => one.group).values()) {
        const sides = group.map(({ candidates }) => candidates.join());
        expect(new Set(sides).size).toBe(2);
      }
    }
  });

  it("topic: know the topic's other words, and not the cue that stands there", () => {
    for (const one of casesOf(task("topic"), "held-out", opened.tokenizer)) {
      const cue = one.clean[one.cue[0]!]!;
      expect(one.own).toContain(one.candidates[0]);
      expect(one.own).not.toContain(cue);
      expect(one.foreign).not.toContain(one.corrupted[one.cue[0]!]);
      expect(one.own).toHaveLength(2);
      expect(["the", "a"]).toContain(at(one, one.before));
    }
  });
});
