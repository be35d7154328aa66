import { type Dense, dot } from "./dense.ts";
import { type PermutationOptions, type PermutationTest, twoSided } from "./permutation.ts";
import { random } from "./random.ts";
import { ranks } from "./rank.ts";
import { mean } from "./summary.ts";

/**
 * Mantel's test (1967): correlation of the entries above the diagonal of two distance matrices over the same n items,
 * its null by permuting the items of one. Entries of one matrix aren't independent, so an ordinary p would be far too small.
 * @param method of correlation; Spearman's for distances that need only agree in order
 * @throws RangeError on matrices that aren't square of one size of 3 or more.
 */
export function mantel(
  a: Dense,
  b: Dense,
  { permutations = 1999, seed, method = "pearson" }: PermutationOptions & { method?: "pearson" | "spearman" },
): PermutationTest {
  const n = a.rows;
  if (a.columns !== n || b.rows !== n || b.columns !== n || n < 3) {
    throw new RangeError(
      `Mantel's test needs two square matrices of one size; found ${n} × ${a.columns} and ${b.rows} × ${b.columns}.`,
    );
  }
  // Permuting items only reorders the entries of y: of standardised entries, the inner product is the correlation.
  const x = standardised(above(a), method);
  const y = standardised(above(b), method);
  const value = dot(x, y);
  const whole = new Float64Array(n * n);
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++, at++) whole[i * n + j] = whole[j * n + i] = y[at]!;
  }
  const draws = new Float64Array(permutations);
  const generator = random(seed);
  const items = Int32Array.from({ length: n }, (_, i) => i);
  for (let r = 0; r < permutations; r++) {
    const order = Int32Array.from(generator.shuffle(items));
    let product = 0;
    for (let i = 0, at = 0; i < n; i++) {
      const from = order[i]! * n;
      for (let j = i + 1; j < n; j++, at++) product += x[at]! * whole[from + order[j]!]!;
    }
    draws[r] = product;
  }
  return { value, p: twoSided(value, draws), null: draws };
}

/** Entries above the diagonal, row by row. */
function above({ data, rows: n }: Dense): Float64Array {
  const out = new Float64Array((n * (n - 1)) / 2);
  for (let i = 0, at = 0; i < n; i++) for (let j = i + 1; j < n; j++, at++) out[at] = data[i * n + j]!;
  return out;
}

/** Values or their ranks, centred and of norm 1. */
function standardised(values: Float64Array, method: "pearson" | "spearman"): Float64Array {
  const scores = method === "spearman" ? ranks(values) : values;
  const centre = mean(scores);
  const centred = scores.map((score) => score - centre);
  const norm = Math.sqrt(dot(centred, centred));
  return centred.map((score) => score / norm);
}
