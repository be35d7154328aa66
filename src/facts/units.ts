import { ArtifactError, readBeside } from "../../pipeline/artifacts/store.ts";
import type { Subject } from "../../pipeline/artifacts/subjects.ts";
import { type UnitFacts, UnitPiece } from "../../pipeline/artifacts/unit-piece.ts";
import type { Facts } from "./facts.ts";
import { root } from "./place.ts";
import { type UnitWords, wordOf, wordPiece } from "./unit-words.ts";

export const UNITS = "unit-polysemanticity";

/** Models whose units were looked at, the default one first. */
export const unitModels = (facts: Facts): Subject[] =>
  facts.subjects.filter(({ id }) => unitFile(facts, id, 0) !== undefined);

/** Where a browser gets the units of one block; undefined when they were not measured. */
export function unitFile(facts: Facts, model: string, block: number): string | undefined {
  const name = pieceName(block);
  return facts.measured(model, UNITS)?.provenance.files[name] === undefined
    ? undefined
    : `/artifacts/${model}/${UNITS}/${name}`;
}

const pieceName = (block: number) => `units/${block}.json`;
const read = new Map<string, UnitPiece[]>();

/** The sampled units of a model, block after block. Throws ArtifactError on a file that is not what was measured. */
export function unitsOf(facts: Facts, model: string): readonly UnitPiece[] {
  let pieces = read.get(model);
  if (pieces) return pieces;
  pieces = [];
  while (unitFile(facts, model, pieces.length)) {
    const name = pieceName(pieces.length);
    const bytes = readBeside(root, { model, experiment: UNITS }, name);
    const parsed = UnitPiece.safeParse(JSON.parse(bytes.toString("utf8")));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const where = `public/artifacts/${model}/${UNITS}/${name}`;
      throw new ArtifactError(`${where}: ${issue?.path.join(".")}: ${issue?.message}. Measure it again.`);
    }
    pieces.push(parsed.data);
  }
  read.set(model, pieces);
  return pieces;
}

/** All words of a model's units, by the piece in which a search finds them. */
export function unitWords(pieces: readonly UnitPiece[]): Map<string, UnitWords> {
  const found = new Map<string, UnitWords>();
  const add = (token: string, block: number, unit: number, fires: 0 | 1) => {
    const word = wordOf(token);
    if (word === "") return;
    const piece = wordPiece(word);
    const words: UnitWords = found.get(piece) ?? Object.create(null);
    found.set(piece, words);
    words[word] ??= [];
    if (!words[word].some(([b, u]) => b === block && u === unit)) words[word].push([block, unit, fires]);
  };
  for (const { block, units } of pieces)
    for (const each of units) {
      for (const token of focusOf(each)) add(token, block, each.unit, 1);
      for (const token of each.raised) add(token, block, each.unit, 0);
    }
  return found;
}

/** The tokens at which a unit fires most, each once. */
export const focusOf = ({ contexts }: UnitFacts): string[] => [
  ...new Set(contexts.map(({ tokens, at }) => tokens[at]!)),
];
