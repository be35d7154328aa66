import { z } from "zod";

const share = z.number();

/** One context in which a unit fires. */
const Context = z.strictObject({
  document: z.string(),
  /** Index in `tokens` of the place where it fires. */
  at: z.int().nonnegative(),
  tokens: z.array(z.string()).min(1),
  /** Activation at each token, in 99ths of the unit's largest; below zero where it goes the other way. */
  shares: z.array(z.int()).min(1),
});

/** What readers see of one unit. */
const Unit = z.strictObject({
  unit: z.int().nonnegative(),
  /** Share of tokens at which it fires. */
  rate: share,
  /** The three scores of how many things it stands for, and R² of its activation on one reading of its input. */
  clusters: share,
  concept: share,
  predictor: share,
  alignment: share,
  /** The concepts that account best for when it fires, one for each half of the documents, or one for both. */
  best: z.array(z.string()).min(1).max(2),
  /** Its activation in the first context; below zero for a unit that fires below zero. */
  peak: z.number(),
  /** Tokens that firing raises and lowers most, read straight through the unembedding. */
  raised: z.array(z.string()).readonly(),
  lowered: z.array(z.string()).readonly(),
  /** Units that write most nearly the same. */
  near: z.array(z.strictObject({ block: z.int(), unit: z.int(), cosine: z.number() })),
  contexts: z.array(Context).min(1),
});

/** The file `units/<block>.json` beside the result of `unit-polysemanticity`. */
export const UnitPiece = z.strictObject({ block: z.int().nonnegative(), units: z.array(Unit).min(1) });
export type UnitPiece = z.infer<typeof UnitPiece>;
export type UnitFacts = UnitPiece["units"][number];
