/**
 * What one write does, from the inner products that the tail `writes` gives. h is the stream before the write Δ, f the final
 * stream, f′ = f − Δ the final stream without this write (otherwise every write would agree with a sum that holds it), r a
 * random unit vector; o = h − (h·f̂′)f̂′ is what the stream holds beside the direction that it ends in.
 */
export const STATISTICS = [
  /** ‖Δ‖/‖h‖ */
  "ratio",
  /** cos(Δ, h) */
  "cosine",
  /** Angle between h and h + Δ, degrees. */
  "turn",
  /** ‖h + Δ‖/‖h‖ */
  "growth",
  /** cos(Δ, f′) */
  "final",
  /** cos(Δ, o); NaN at the last write, where o is nothing. */
  "rest",
  /** 1 where Δ·h > 0: the write lengthens what is there. */
  "reinforces",
  /** Share of ‖Δ‖² in coordinates where Δ has the sign of h. */
  "agreeing",
  /** The same four for r in the place of Δ, with Δ's norm. */
  "random-cosine",
  "random-turn",
  "random-growth",
  "random-final",
  "random-rest",
] as const;

export type Statistic = (typeof STATISTICS)[number];

/**
 * Writes the statistics of one write into `to`.
 * @param gram 5 × 5 inner products in the order h, Δ, f, r, read-out, from `at` on
 * @param agreeing Σ Δ² over coordinates in which Δ and h have one sign
 */
export function writeStatistics(gram: ArrayLike<number>, at: number, agreeing: number, to: Float64Array): void {
  const g = (i: number, j: number) => gram[at + 5 * i + j]!;
  const [hh, hd, hf, hr] = [g(0, 0), g(0, 1), g(0, 2), g(0, 3)];
  const [dd, df, dr, ff, fr, rr] = [g(1, 1), g(1, 2), g(1, 3), g(2, 2), g(2, 3), g(3, 3)];
  const write = relation(hh, dd, hd, df - dd, hf - hd, ff - 2 * df + dd);
  // r scaled to the norm of Δ; the direction that the stream ends in is the same f′.
  const k = Math.sqrt(dd / rr);
  const other = relation(hh, dd, k * hr, k * (fr - dr), hf - hd, ff - 2 * df + dd);
  to[0] = Math.sqrt(dd / hh);
  to[1] = write.cosine;
  to[2] = write.turn;
  to[3] = write.growth;
  to[4] = write.final;
  to[5] = write.rest;
  to[6] = hd > 0 ? 1 : 0;
  to[7] = agreeing / dd;
  to[8] = other.cosine;
  to[9] = other.turn;
  to[10] = other.growth;
  to[11] = other.final;
  to[12] = other.rest;
}

/** From h·h, w·w, h·w, w·f′, h·f′ and f′·f′ of a write w. */
function relation(hh: number, ww: number, hw: number, wf: number, hf: number, ff: number) {
  const after = hh + 2 * hw + ww;
  // The last write starts from f′ itself: nothing is beside it but rounding.
  const beside = hh - (hf * hf) / ff;
  const restSquared = beside > 1e-5 * hh ? beside : Number.NaN;
  return {
    cosine: hw / Math.sqrt(hh * ww),
    turn: (Math.acos(clamp((hh + hw) / Math.sqrt(hh * after))) * 180) / Math.PI,
    growth: Math.sqrt(after / hh),
    final: wf / Math.sqrt(ww * ff),
    rest: (hw - (hf * wf) / ff) / Math.sqrt(ww * restSquared),
  };
}

const clamp = (x: number) => Math.min(1, Math.max(-1, x));
