import { addScaled, type Dense, dense, dot, row } from "../../statistics/dense.ts";

/** Axes of the two senses of a noun against a common third, each freed of the other sense's direction. */
export interface TwoAxes {
  /** Unit vectors [dModel], by sense. */
  readonly unit: readonly [Float64Array, Float64Array];
  /** An orthonormal basis of the plane that both directions span. */
  readonly plane: readonly [Float64Array, Float64Array];
  /** Cosine of the two directions as they were. */
  readonly cosine: number;
}

/**
 * From directions d₀, d₁ of the senses, u_s ∝ d_s − (d_s·d̂₁₋ₛ) d̂₁₋ₛ: what is of one sense alone, so that adding along u_s
 * needn't take from the other. Undefined where a direction is nothing, or both are one line.
 */
export function twoAxes(d0: Float64Array, d1: Float64Array): TwoAxes | undefined {
  const [n0, n1] = [Math.sqrt(dot(d0, d0)), Math.sqrt(dot(d1, d1))];
  const cosine = dot(d0, d1) / (n0 * n1);
  // A direction that differs from nothing by rounding alone makes a cosine that isn't one.
  if (!(1 - cosine * cosine > 1e-6)) return undefined;
  const hat = [d0.map((x) => x / n0), d1.map((x) => x / n1)] as const;
  const own = (s: 0 | 1) => {
    const u = Float64Array.from(hat[s]);
    addScaled(u, hat[1 - s]!, -cosine);
    return unitOf(u);
  };
  return { unit: [own(0), own(1)], plane: [own(0), hat[1]], cosine };
}

/** Mean of the rows listed. */
export function meanOfRows(x: Dense, rows: ArrayLike<number>): Float64Array {
  const mean = new Float64Array(x.columns);
  for (let i = 0; i < rows.length; i++) addScaled(mean, row(x, rows[i]!), 1 / rows.length);
  return mean;
}

export const minus = (a: Float64Array, b: Float64Array): Float64Array => a.map((x, j) => x - b[j]!);

/**
 * Random unit vectors out of the variation within senses: normal combinations of the rows' deviations from the mean of
 * their own sense, freed of the plane of both senses' directions.
 * @param rows those that the axes were fitted on @param means by sense
 */
export function randomAxes(
  x: Dense,
  rows: ArrayLike<number>,
  senses: ArrayLike<number>,
  means: readonly [Float64Array, Float64Array],
  { plane }: TwoAxes,
  count: number,
  normal: () => number,
): Float64Array[] {
  const deviations = dense(rows.length, x.columns);
  for (let k = 0; k < rows.length; k++) {
    const to = row(deviations, k);
    addScaled(to, row(x, rows[k]!), 1);
    addScaled(to, means[senses[rows[k]!]! as 0 | 1], -1);
  }
  return Array.from({ length: count }, () => {
    const v = new Float64Array(x.columns);
    for (let k = 0; k < rows.length; k++) addScaled(v, row(deviations, k), normal());
    for (const axis of plane) addScaled(v, axis, -dot(v, axis));
    return unitOf(v);
  });
}

/** Standard deviation along an axis of the rows listed. */
export function spreadAlong(x: Dense, rows: ArrayLike<number>, axis: Float64Array): number {
  let [sum, squares] = [0, 0];
  for (let k = 0; k < rows.length; k++) {
    const at = dot(row(x, rows[k]!), axis);
    sum += at;
    squares += at * at;
  }
  const mean = sum / rows.length;
  return Math.sqrt(Math.max(0, squares / rows.length - mean * mean));
}

function unitOf(v: Float64Array): Float64Array {
  const norm = Math.sqrt(dot(v, v));
  return v.map((x) => x / norm);
}
