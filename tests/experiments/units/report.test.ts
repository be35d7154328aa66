import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { UnitPiece } from "../../../pipeline/artifacts/unit-piece.ts";
import type { ReadPassage } from "../../../pipeline/experiments/units/passage-positions.ts";
import { unitCurves, unitEstimates, unitsTable } from "../../../pipeline/experiments/units/report.ts";
import {
  type ScoredUnit,
  SENTENCES,
  scoreUnit,
  type Yardstick,
} from "../../../pipeline/experiments/units/score-units.ts";
import { unitPieces } from "../../../pipeline/experiments/units/unit-pieces.ts";
import { random } from "../../../pipeline/statistics/random.ts";
import { concepts, DOCUMENTS, LENGTH, positions, tokens } from "./support.ts";

const BLOCKS = 3;
const UNITS = 4;
const clusters = Int16Array.from(tokens, (token) => token % 8);
const books = ["8", "4", "16", SENTENCES].map((name) => ({
  name,
  clusters: clusters.map((c) => c % (name === SENTENCES ? 8 : Number(name))),
}));
const yardstick: Yardstick = { positions, concepts, codebooks: books, contexts: 20 };
const { normal } = random(4);
const values = Array.from({ length: BLOCKS }, (_, b) =>
  Array.from({ length: UNITS }, (_, u) =>
    Float32Array.from(tokens, (token) => Number(token === 10 * b + u) + 0.1 * normal()),
  ),
);
const units: ScoredUnit[] = values.flatMap((of, block) =>
  of.map((each, unit) => scoreUnit(each, yardstick, { block, unit: 7 * unit, rate: 0.01 * (1 + unit) })),
);
const alignment = units.map(({ block, scores }) => ({ block, score: scores.predictor }));
const series = { model: units, BS: units, RB: units, RW: units, RE: units, SL: units, ST: units };
const options = { resamples: 50, seed: 3 };
const curves = unitCurves(series, alignment, concepts, BLOCKS, options);
const estimates = unitEstimates(curves, series, BLOCKS, { rateBins: 2 }, options);

describe("what is reported", () => {
  it("has every estimate that the note's predictions name, and their controls, each once", () => {
    const note = readFileSync(
      "content/notes/how-do-language-models-organize-features-across-processing-layers.mdx",
      "utf8",
    );
    const ids = estimates.map(({ id }) => id);
    const named = [...note.matchAll(/experiment: unit-polysemanticity\n\s+estimate: (\S+)/g)].map(([, id]) => id!);
    expect(named).toHaveLength(9);
    for (const id of named) expect(ids).toContain(id);
    for (const { control, difference } of estimates)
      for (const id of [control, difference]) if (id !== undefined) expect(ids).toContain(id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(estimates.find(({ id }) => id === "concept-early-minus-late")!.control).toBe("concept-early-minus-late-rw");
  });

  it("names the further codebooks, and says of each what it is of", () => {
    const found = estimates.filter(({ id }) => /^clusters-[a-z\d]+-early-minus-late$/.test(id));
    expect(found.map(({ id }) => id.split("-")[1])).toEqual(["4", "16", "sentences"]);
    for (const { id, method } of found)
      expect(method).toContain(
        id.includes("sentences") ? "encoded stretches of sixteen tokens" : "word vectors from Brown",
      );
  });

  it("says that the list reaches detectors of tokens, by their tokens", () => {
    const of = (id: string) => estimates.find((each) => each.id === id)!.value;
    expect(of("coverage-middle")).toBe(1);
    expect(of("by-letters-late")).toBe(1);
    expect(unitsTable(units, alignment, concepts).rows[5]!.at(-1)).toBe("token: 11");
  });
});

it("readers get the contexts in which a unit fires, its tokens at the right place, and units that write alike", () => {
  const passages = Array.from({ length: DOCUMENTS }, (_, d): ReadPassage => {
    const own = Array.from(tokens.subarray(d * LENGTH, (d + 1) * LENGTH));
    return { document: `d${d}`, ids: [99, ...own], places: [] };
  });
  const axis = (u: number) => Float32Array.from({ length: UNITS }, (_, k) => Number(k === u));
  const writes = values.map((of) => of.map((_, u) => ({ direction: axis(u), raised: ["a"], lowered: ["b"] })));
  const files = unitPieces(units, values, writes, alignment, passages, yardstick, (token) => `t${token}`);
  const piece = UnitPiece.parse(JSON.parse(files["units/1.json"]!));
  expect(Object.keys(files)).toEqual(["units/0.json", "units/1.json", "units/2.json"]);
  expect(piece.units.map(({ unit }) => unit)).toEqual([0, 7, 14, 21]);
  for (const [u, { contexts, near, best }] of piece.units.entries()) {
    expect(contexts.map(({ tokens: shown, at }) => shown[at])).toEqual(Array(5).fill(`t${10 + u}`));
    expect(contexts[0]!.shares[contexts[0]!.at]).toBe(99);
    expect(best).toEqual([`token: ${10 + u}`]);
    expect(near.slice(0, 2).map(({ block, unit, cosine }) => [block, unit, cosine])).toEqual([
      [0, 7 * u, 1],
      [2, 7 * u, 1],
    ]);
  }
});
