import { expect, test } from "vitest";
import type { LanguageModel } from "../../../pipeline/engine/run/language-model.ts";
import {
  randomModels,
  readInShares,
  seedsFrom,
  unitsOfTurn,
} from "../../../pipeline/experiments/support/random-models.ts";

/** Says what is made and released, in order. */
function recording() {
  const log: string[] = [];
  const randomWeights = async (kind: string, seed: number) => {
    log.push(`make ${kind} ${seed}`);
    return { release: async () => void log.push(`release ${seed}`) } as unknown as LanguageModel;
  };
  return { log, randomWeights };
}

test("one random model is there at a time", async () => {
  const { log, randomWeights } = recording();
  for await (const { turn } of randomModels({ randomWeights }, "permuted", [5, 8])) log.push(`use ${turn}`);
  expect(log).toEqual(["make permuted 5", "use 0", "release 5", "make permuted 8", "use 1", "release 8"]);
});

test("a model is released when its use fails, and no other is made", async () => {
  const { log, randomWeights } = recording();
  const run = async () => {
    for await (const { seed } of randomModels({ randomWeights }, "permuted-blocks", [5, 8]))
      throw new Error(`no use of ${seed}`);
  };
  await expect(run()).rejects.toThrow("no use of 5");
  expect(log).toEqual(["make permuted-blocks 5", "release 5"]);
});

test("turns deal every unit to one model", () => {
  expect(seedsFrom(7, 3)).toEqual([7, 8, 9]);
  const dealt = [0, 1, 2].map((turn) => unitsOfTurn(8, 3, turn));
  expect(dealt).toEqual([
    [0, 3, 6],
    [1, 4, 7],
    [2, 5],
  ]);
});

test("rows of documents shared out come back in the trained model's order, whatever order they were read in", async () => {
  const row = (of: string) => (document: number) => [0, 1].map((token) => ({ document, token, of }));
  const calibration = { medianNorm: [], massive: [] };
  const own = { calibration, rows: { text: [4, 0, 1, 2].flatMap(row("own")) } };
  const read = (seeds: number[], lost?: number) =>
    readInShares(
      recording(),
      seeds,
      own,
      ({ document }) => document,
      async (_, isMine, turn) => ({
        calibration,
        rows: { text: [0, 1, 2, 4].filter((d) => d !== lost && isMine(d)).flatMap(row(`random ${turn}`)) },
      }),
    );
  const { rows, calibrations } = await read([5, 8]);
  expect(calibrations).toHaveLength(2);
  expect(rows.text.map(({ document, token, of }) => `${document}.${token} ${of}`)).toEqual([
    "4.0 random 0",
    "4.1 random 0",
    "0.0 random 0",
    "0.1 random 0",
    "1.0 random 1",
    "1.1 random 1",
    "2.0 random 0",
    "2.1 random 0",
  ]);
  await expect(read([5, 8], 2)).rejects.toThrow(
    "Of document 2 (text) the models with random weights have 0 rows; expected 2",
  );
});
