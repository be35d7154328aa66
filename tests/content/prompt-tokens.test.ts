import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readContent } from "../../pipeline/artifacts/content-files.ts";
import type { Tokenizer } from "../../pipeline/engine/checkpoint.ts";
import { type OpenModel, openCheckpoint } from "../../pipeline/models/open.ts";
import { realModel } from "../support/real-model.ts";

/** What the prompt sets promise in tokens of the default model. */

const root = fileURLToPath(new URL("../..", import.meta.url));
const sets = readContent(root, ["prompts"]).prompts.map(({ data }) => data);
const lemmas = sets.flatMap((set) => (set.kind === "senses" ? set.lemmas : []));
const tasks = sets.flatMap((set) => (set.kind === "tasks" ? set.tasks : []));
const traces = sets.flatMap((set) => (set.kind === "traces" ? set.prompts : []));

let model: OpenModel;
let tokenizer: Tokenizer;
beforeAll(async () => {
  model = await openCheckpoint(realModel());
  const own = model.tokenizer();
  if (!own) throw new Error(`expected a tokenizer in ${model.path}, found none`);
  tokenizer = own;
});
afterAll(() => model?.checkpoint.close());

describe("ambiguous nouns", () => {
  it("are one token, which stands once in each of their sentences", () => {
    for (const { form, senses } of lemmas) {
      const ids = tokenizer.encode(` ${form}`);
      expect(ids.length, form).toBe(1);
      for (const { text } of senses.flatMap(({ sentences }) => sentences))
        expect(tokenizer.encode(text).filter((id) => id === ids[0]).length, text).toBe(1);
    }
  });

  it("don't betray their sense by the place of their token, though cues differ in tokens", () => {
    for (const { form, senses } of lemmas) {
      const [target] = tokenizer.encode(` ${form}`);
      const places = senses.map(({ sentences }) =>
        sentences.map(({ text }) => tokenizer.encode(text).indexOf(target!)),
      );
      // The vote has seen every label: an upper bound on what a held-out one could reach.
      const recalls = [...new Set(places.flat())].map((place) => {
        const shares = places.map((list) => list.filter((other) => other === place).length / list.length);
        return Math.max(...shares) / places.length;
      });
      expect(
        recalls.reduce((sum, recall) => sum + recall, 0),
        form,
      ).toBeLessThanOrEqual(0.6 + 1e-9);
    }
  });
});

describe("task items", () => {
  it("have a right and a wrong word of one token each", () => {
    for (const { items } of tasks)
      for (const { id, answer, foil } of items)
        for (const word of [answer, foil]) expect(tokenizer.encode(word).length, `${id}:${word}`).toBe(1);
  });
});

describe("trace prompts", () => {
  it("have 8 to 20 tokens", () => {
    for (const { id, text } of traces) {
      expect(tokenizer.encode(text).length, id).toBeGreaterThanOrEqual(8);
      expect(tokenizer.encode(text).length, id).toBeLessThanOrEqual(20);
    }
  });

  it.each(["river-bank", "cave-bat", "winter-spring", "key-cabinets", "garden-path", "apples-ordered"])(
    "%s aligns with its pair token for token",
    (id) => {
      const text = (one: string | undefined) => traces.find((prompt) => prompt.id === one)?.text ?? "";
      const pair = traces.find((prompt) => prompt.id === id)?.pair;
      expect(tokenizer.encode(text(pair)).length).toBe(tokenizer.encode(text(id)).length);
    },
  );
});
