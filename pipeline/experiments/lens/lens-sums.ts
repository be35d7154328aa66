import { type LensReading, topAlongDepth } from "./read-lens.ts";
import { oracleExit, predictionDepth, risesSomewhere } from "./settling.ts";

/** Per depth, and summed over positions: what curves are drawn of. */
export const QUANTITIES = ["kl", "entropy", "cross-entropy", "agreement", "log-rank"] as const;
export type LensQuantity = (typeof QUANTITIES)[number];

/** Per token, over all depths that were read. */
export const OVERALL = ["prediction-depth", "oracle-exit", "not-monotone"] as const;

/** A rise of KL by more than this from one depth read to the next counts; less is float32 and flutter. */
export const RISE = 0.1;

/** Sums over positions of one document: columns as `columnOf` says, then one for each of OVERALL. */
export interface LensSums {
  readonly sums: Float64Array;
  readonly positions: number;
}

export const columnsOf = (depths: number): number => QUANTITIES.length * depths + OVERALL.length;

/** Column of a quantity at the i-th depth read. */
export const columnOf = (quantity: LensQuantity, i: number, depths: number): number =>
  QUANTITIES.indexOf(quantity) * depths + i;

/** Column of a token's figure over all depths. */
export const overallColumn = (figure: (typeof OVERALL)[number], depths: number): number =>
  QUANTITIES.length * depths + OVERALL.indexOf(figure);

/**
 * Sums of every quantity over the positions that `keep` admits and that have a next token in the text.
 * @param at which of the reading's depths count, the final one last; their numbers are the unit of prediction depth.
 * @param k how many top tokens the reading holds
 */
export function lensSums(reading: LensReading, keep: readonly boolean[], at: readonly number[], k: number): LensSums {
  const { depths } = reading;
  const n = at.length;
  const sums = new Float64Array(columnsOf(n));
  let positions = 0;
  for (let token = 0; token + 1 < reading.tokens; token++) {
    if (!keep[token]) continue;
    positions++;
    const all = topAlongDepth(reading, token, k);
    const top = at.map((depth) => all[depth]!);
    const kl = at.map((depth) => reading.kl[token * depths + depth]!);
    at.forEach((depth, i) => {
      const cell = token * depths + depth;
      const add = (quantity: LensQuantity, value: number) => {
        sums[columnOf(quantity, i, n)]! += value;
      };
      add("kl", kl[i]!);
      add("entropy", reading.entropy[cell]!);
      add("cross-entropy", -reading.nextLogprob[cell]!);
      add("agreement", Number(top[i] === top[n - 1]));
      add("log-rank", Math.log1p(reading.nextRank[cell]!));
    });
    sums[overallColumn("prediction-depth", n)]! += at[predictionDepth(top)]!;
    sums[overallColumn("oracle-exit", n)]! += at[oracleExit(top)]!;
    sums[overallColumn("not-monotone", n)]! += Number(risesSomewhere(kl, RISE));
  }
  return { sums, positions };
}
