import type { Rows } from "./collect.ts";

/** Mean and standard deviation of each coordinate; one that never varies has the deviation 1. */
export interface Scale {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

export function scaleOf({ data, width }: Rows): Scale {
  const rows = data.length / width;
  const [sums, squares] = [new Float64Array(width), new Float64Array(width)];
  for (let i = 0; i < data.length; i += width) for (let j = 0; j < width; j++) sums[j]! += data[i + j]!;
  const mean = Float32Array.from(sums, (sum) => sum / rows);
  for (let i = 0; i < data.length; i += width)
    for (let j = 0; j < width; j++) squares[j]! += (data[i + j]! - mean[j]!) ** 2;
  return { mean, deviation: Float32Array.from(squares, (sum) => Math.sqrt(sum / rows) || 1) };
}

/** Each coordinate less its mean, in deviations: so no massive dimension outweighs the others. */
export const standardised = ({ data, width }: Rows, { mean, deviation }: Scale): Rows => ({
  width,
  data: data.map((value, i) => (value - mean[i % width]!) / deviation[i % width]!),
});
