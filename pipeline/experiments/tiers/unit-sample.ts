import type { Random } from "../../statistics/random.ts";
import { quantileSorted } from "../../statistics/summary.ts";

/** What a first look at a layer's units says of each. */
export interface UnitLook {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  /** Share of tokens at which the unit is beyond its own threshold. */
  readonly rates: Float64Array;
}

/**
 * Looks at the units of one layer. A unit fires where its activation has more than a quarter of the size of its own 99.5 %
 * quantile of size: each has its own threshold, as one for the layer would keep only the largest.
 * @param values [tokens × units]
 */
export function lookAt(values: Float32Array, units: number): UnitLook {
  const tokens = values.length / units;
  const means = new Float64Array(units);
  const deviations = new Float64Array(units);
  const rates = new Float64Array(units);
  const sizes = new Float64Array(tokens);
  for (let u = 0; u < units; u++) {
    let sum = 0;
    let squares = 0;
    for (let t = 0; t < tokens; t++) {
      const value = values[t * units + u]!;
      sum += value;
      squares += value * value;
      sizes[t] = Math.abs(value);
    }
    means[u] = sum / tokens;
    deviations[u] = Math.sqrt(Math.max(0, squares / tokens - means[u]! ** 2));
    const threshold = quantileSorted(sizes.slice().sort(), 0.995) / 4;
    let fires = 0;
    for (const size of sizes) if (size > threshold) fires++;
    rates[u] = fires / tokens;
  }
  return { means, deviations, rates };
}

/** Units with any variance, as many from each quarter of the order by firing rate: `count` in all, ascending. */
export function stratifiedByRate({ deviations, rates }: UnitLook, count: number, { shuffle }: Random): Int32Array {
  const live = [...deviations.keys()].filter((u) => deviations[u]! > 0).sort((a, b) => rates[a]! - rates[b]!);
  if (live.length < count) throw new Error(`Only ${live.length} units of a layer vary; ${count} are to be sampled.`);
  const chosen = [0, 1, 2, 3].flatMap((quarter) => {
    const from = Math.round((live.length * quarter) / 4);
    const to = Math.round((live.length * (quarter + 1)) / 4);
    const wanted = Math.round((count * (quarter + 1)) / 4) - Math.round((count * quarter) / 4);
    return shuffle(live.slice(from, to)).slice(0, wanted);
  });
  return Int32Array.from(chosen).sort();
}

/**
 * Random directions of standardised activations, [units × directions] by rows: normal entries over each unit's deviation,
 * columns of norm 1 before that; a unit that never varies is left out of all of them.
 */
export function standardizedDirections({ deviations }: UnitLook, directions: number, { normal }: Random): Float32Array {
  const units = deviations.length;
  const out = new Float32Array(units * directions);
  for (let d = 0; d < directions; d++) {
    const entries = Float64Array.from({ length: units }, () => normal());
    const norm = Math.sqrt(entries.reduce((sum, x) => sum + x * x, 0));
    for (let u = 0; u < units; u++)
      out[u * directions + d] = deviations[u]! > 0 ? entries[u]! / norm / deviations[u]! : 0;
  }
  return out;
}
