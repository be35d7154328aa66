import { random } from "../../statistics/random.ts";
import { withoutSinks } from "../support/sinks.ts";
import { type Positions, positionsOf } from "./concepts.ts";

/**
 * The positions of `documents` passages, without sinks, the documents dealt into two halves.
 * @param norms length of the residual stream at each position, halfway through
 */
export function keptPositions(documents: number, norms: Float64Array, seed: number): Positions {
  const halves = new Uint8Array(documents);
  for (const d of random(seed)
    .shuffle([...Array(documents).keys()])
    .slice(documents >> 1))
    halves[d] = 1;
  return positionsOf(documents, norms.length / documents, withoutSinks(norms), halves);
}
