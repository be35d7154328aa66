import type { Series } from "../../artifacts/tables.ts";
import type { LanguageModel } from "../../engine/run/language-model.ts";
import type { ExperimentContext, RandomWeights } from "../experiment.ts";
import type { Calibration } from "./calibration.ts";

export interface RandomModel {
  readonly model: LanguageModel;
  /** Which of the seeds it has, from 0. */
  readonly turn: number;
  readonly seed: number;
}

/** Models with random weights, one for each seed; each is released before the next is made, and when the loop ends early. */
export async function* randomModels(
  { randomWeights }: Pick<ExperimentContext, "randomWeights">,
  kind: RandomWeights,
  seeds: readonly number[],
): AsyncGenerator<RandomModel> {
  for (const [turn, seed] of seeds.entries()) {
    const model = await randomWeights(kind, seed);
    try {
      yield { model, turn, seed };
    } finally {
      await model.release();
    }
  }
}

/** from, from + 1, …: `count` seeds. */
export const seedsFrom = (from: number, count: number): number[] => Array.from({ length: count }, (_, k) => from + k);

/** Which units fall to one of `turns` random models, so that each unit has its control and every seed counts. */
const falls = (turns: number, turn: number) => (unit: number) => unit % turns === turn;

/** The units, of `count`, that fall to one of `turns` random models. */
export const unitsOfTurn = (count: number, turns: number, turn: number): number[] =>
  Array.from({ length: count }, (_, i) => i).filter(falls(turns, turn));

/** What was read of one model: rows by the name of the text. */
export interface Reading<Name extends string, Row> {
  readonly calibration: Calibration;
  readonly rows: Readonly<Record<Name, readonly Row[]>>;
}

/**
 * Reads models with permuted weights, each on the units that fall to it, and hands back their rows in the order of the
 * trained model's, paired by document and, within one, in turn.
 * @param own what was read of the trained model
 * @param documentOf number that a row's document has among all, whichever model it was read of
 * @throws Error where the random models have fewer or more rows of a document than the trained model has
 */
export async function readInShares<Name extends string, Row>(
  context: Pick<ExperimentContext, "randomWeights">,
  seeds: readonly number[],
  { rows: own }: Reading<Name, Row>,
  documentOf: (row: Row) => number,
  read: (model: LanguageModel, isMine: (unit: number) => boolean, turn: number) => Promise<Reading<Name, Row>>,
): Promise<{ readonly calibrations: Calibration[]; readonly rows: Record<Name, Row[]> }> {
  const found: Reading<Name, Row>[] = [];
  for await (const { model, turn } of randomModels(context, "permuted", seeds))
    found.push(await read(model, falls(seeds.length, turn), turn));
  const paired = (Object.keys(own) as Name[]).map((name) => {
    const others = found.flatMap(({ rows }) => rows[name]);
    return [name, inOrder(name, own[name], others, documentOf)] as const;
  });
  return {
    calibrations: found.map(({ calibration }) => calibration),
    rows: Object.fromEntries(paired) as Record<Name, Row[]>,
  };
}

function inOrder<Row>(what: string, own: readonly Row[], others: readonly Row[], documentOf: (row: Row) => number) {
  const found = Map.groupBy(others, documentOf);
  const paired = new Map<Row, Row>();
  for (const [document, rows] of Map.groupBy(own, documentOf)) {
    const theirs = found.get(document) ?? [];
    if (theirs.length !== rows.length)
      throw new Error(
        `Of document ${document} (${what}) the models with random weights have ${theirs.length} rows; expected ${rows.length}, as many as the trained model has: each document is to be read by one of them.`,
      );
    rows.forEach((row, i) => {
      paired.set(row, theirs[i]!);
    });
  }
  return own.map((row) => paired.get(row)!);
}

/** The control RW on charts. */
export const randomWeightsSeries = (how: string): Series => ({
  series: "RW",
  label: "random weights",
  role: "control",
  about: `entries of every matrix permuted, gains kept; ${how}`,
});
