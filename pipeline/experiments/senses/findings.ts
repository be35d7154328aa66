import type { Draws } from "../../statistics/bootstrap.ts";
import { mean } from "../../statistics/summary.ts";
import type { SharedAxis } from "./axis.ts";
import type { LemmaItems } from "./items.ts";
import type { LemmaScores } from "./lemma-probes.ts";
import type { RandomControls } from "./random-controls.ts";
import { UnitTable } from "./report.ts";
import type { Similarity } from "./similarity.ts";
import type { AnchorScores } from "./static-anchors.ts";

/** All that the estimates and curves are made of. */
export interface SensesFindings {
  readonly lemmas: readonly LemmaItems[];
  readonly scores: readonly LemmaScores[];
  readonly controls: RandomControls["word"];
  readonly axis: SharedAxis;
  /** [lemma][depth of `thirds`], with all dimensions and without massive ones. */
  readonly cosines: { readonly all: readonly Similarity[][]; readonly trimmed: readonly Similarity[][] };
  readonly anchors: readonly AnchorScores[];
  readonly depths: readonly number[];
  /** Some ten of them, at which controls and contrasts stand; three parts of them make the thirds of the depth. */
  readonly thirds: readonly number[];
  readonly seed: number;
}

/** Parts of the depth: (0, 1/3), [1/3, 2/3), [2/3, 1] of the blocks, at the depths `thirds`. */
const PARTS = { early: [0, 1 / 3], middle: [1 / 3, 2 / 3], late: [2 / 3, 1.01] } as const;
export type Part = keyof typeof PARTS;

/** Whether a depth is one of `thirds` and in a part. */
export function isIn(
  part: Part,
  depth: number,
  { depths, thirds }: Pick<SensesFindings, "depths" | "thirds">,
): boolean {
  const share = depth / depths.at(-1)!;
  return thirds.includes(depth) && depth > 0 && share >= PARTS[part][0] && share < PARTS[part][1];
}

/** The depths of `thirds` in the middle third. */
export const middleDepths = (found: Pick<SensesFindings, "depths" | "thirds">): number[] =>
  found.thirds.filter((depth) => isIn("middle", depth, found));

/** Draws of one figure a noun. */
export const perNoun = (values: readonly number[], seed: number): Draws =>
  new UnitTable(
    values.map((value) => [value]),
    seed,
  ).draws;

/** Draws of each noun's mean over a part of the depth; `rows` [noun][of `at`], read at the depths `at`. */
export const perNounIn = (
  part: Part,
  rows: readonly (readonly number[])[],
  at: readonly number[],
  found: SensesFindings,
): Draws =>
  perNoun(
    rows.map((row) => mean(row.filter((_, i) => isIn(part, at[i]!, found)))),
    found.seed,
  );
