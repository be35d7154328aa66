/** How the readings of one token develop over depth. Arrays are along depth, the last entry being the model's own output. */

/**
 * Prediction depth (after Baldock et al. 2021, there for classifiers): the first place from which on the likeliest token
 * is the final one and stays it. 0 when it never was another.
 */
export function predictionDepth(top: ArrayLike<number>): number {
  const last = top.length - 1;
  let depth = last;
  while (depth > 0 && top[depth - 1] === top[last]) depth--;
  return depth;
}

/** The first place whose likeliest token is the final one, whether or not it stays: where an oracle would leave. */
export function oracleExit(top: ArrayLike<number>): number {
  const last = top.length - 1;
  let depth = 0;
  while (top[depth] !== top[last]) depth++;
  return depth;
}

/** Whether the values rise anywhere by more than `slack` from one place to the next. */
export function risesSomewhere(values: ArrayLike<number>, slack: number): boolean {
  for (let i = 1; i < values.length; i++) if (values[i]! - values[i - 1]! > slack) return true;
  return false;
}

/** [depth] 1 where the likeliest token is settled by then, else 0. */
export function settledBy(top: ArrayLike<number>): Uint8Array {
  const at = predictionDepth(top);
  return Uint8Array.from({ length: top.length }, (_, depth) => Number(depth >= at));
}
