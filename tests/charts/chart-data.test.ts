import { describe, expect, it } from "vitest";
import { tracksOf } from "../../src/charts/chart-data.ts";
import { inventLens } from "../fixtures/invent.ts";

describe("the tracks of an artifact", () => {
  it("keep the order asked for, controls drawn first and the measurement last", () => {
    const tracks = tracksOf(inventLens(), ["kl", "entropy"]);
    expect(tracks.map((track) => track.quantity.quantity)).toEqual(["kl", "entropy"]);
    expect(tracks[1]!.lines.map((line) => line.series.series)).toEqual(["RW", "RE", "model"]);
    expect(tracks[0]!.lines[0]!.points.map((p) => p.x)).toEqual(Array.from({ length: 31 }, (_, depth) => depth));
  });

  it("say which quantities there are when one is missing", () => {
    expect(() => tracksOf(inventLens(), ["entropie"])).toThrow(/no quantity "entropie".*entropy, kl, write, spectrum/);
  });

  it("say so when there are no curves at all", () => {
    expect(() => tracksOf({ experiment: "senses", tables: {} }, ["entropy"])).toThrow(/no table "quantities"/);
  });
});
