import type { Weights } from "./training.ts";

/** For each feature of one dictionary, the highest cosine of what it writes with what one of another's writes. */
export function nearestCosines(a: Weights, b: Weights): Float64Array {
  const [of, others] = [columnsOf(a), columnsOf(b)];
  return Float64Array.from(of, (own) => {
    let highest = Number.NEGATIVE_INFINITY;
    for (const other of others) {
      let dot = 0;
      for (let j = 0; j < own.length; j++) dot += own[j]! * other[j]!;
      if (dot > highest) highest = dot;
    }
    return highest;
  });
}

/** What each feature writes, length 1. */
function columnsOf(weights: Weights): Float32Array[] {
  const { shape, data } = weights["decoder.weight"]!;
  const [width, features] = shape as [number, number];
  return Array.from({ length: features }, (_, f) => {
    const column = Float32Array.from({ length: width }, (_, j) => (data as Float32Array)[j * features + f]!);
    const norm = Math.hypot(...column);
    return norm > 0 ? column.map((x) => x / norm) : column;
  });
}
