import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readContent } from "../../pipeline/artifacts/content-files.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Throws with file, field and value where a file fails its schema. */
const { prompts, glossary, topics } = readContent(root, ["prompts", "glossary", "topics"]);

const traces = prompts.flatMap(({ data }) => (data.kind === "traces" ? data.prompts : []));
const traceIds = traces.map(({ id }) => id);

describe("prompt sets", () => {
  it("has senses, tasks and traces, and says of each how it was made", () => {
    expect(prompts.map(({ data }) => data.kind).sort()).toEqual(expect.arrayContaining(["senses", "tasks", "traces"]));
    for (const { id, data } of prompts)
      expect(data.made, id).toMatch(/Written for this project|written for this project/);
  });

  it("names each trace prompt once, and pairs point both ways", () => {
    expect(new Set(traceIds).size).toBe(traceIds.length);
    expect(new Set(traces.map(({ text }) => text)).size).toBe(traces.length);
    for (const { id, pair } of traces)
      if (pair !== undefined) expect(traces.find((other) => other.id === pair)?.pair, id).toBe(id);
  });

  it("holds the pair that the explorer opens with: sentences that differ in one word, left of bank", () => {
    const [river = [], money = []] = ["river-bank", "money-bank"].map((id) =>
      traces.find((prompt) => prompt.id === id)?.text.split(" "),
    );
    expect(river.length).toBe(money.length);
    const different = river.flatMap((word, i) => (word === money[i] ? [] : [i]));
    expect(different.length).toBe(1);
    expect(different[0]).toBeLessThan(river.indexOf("bank"));
  });
});

describe("glossary", () => {
  it("points to prompts and entries that exist", () => {
    expect(glossary.length).toBeGreaterThanOrEqual(25);
    const ids = glossary.map(({ id }) => id);
    for (const { id, data, body } of glossary) {
      if (data.trace !== undefined) expect(traceIds, id).toContain(data.trace);
      for (const other of data.see) expect(ids, id).toContain(other);
      expect(data.see, id).not.toContain(id);
      expect(body.trim().length, id).toBeGreaterThan(150);
    }
  });
});

describe("topics", () => {
  it("asks a question on each", () => {
    expect(topics.length).toBeGreaterThanOrEqual(8);
    for (const { id, data } of topics) expect(data.question, id).toMatch(/\?$/);
  });
});
