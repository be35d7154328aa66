/** Depths of a model of `nLayers` blocks, by the share of its blocks that has run: 0 is the embedding, `nLayers` the end. */

/** The whole depths nearest to these shares, each once, in order; a share above 0 is never the embedding. */
export function depthsAt(shares: readonly number[], nLayers: number): number[] {
  const depths = shares.map((share) => (share === 0 ? 0 : Math.max(1, Math.round(share * nLayers))));
  return [...new Set(depths)].sort((a, b) => a - b);
}

/** Blocks between two sampled depths: a tenth of the stack, at least one. */
const stepOf = (nLayers: number): number => Math.max(1, Math.round(nLayers / 10));

/**
 * Some ten depths, evenly spaced from the embedding on, and the last: where controls and contrasts stand. In a model of
 * 30 blocks every third, in a model of 8 every one.
 */
export function sampledDepths(nLayers: number): number[] {
  const step = stepOf(nLayers);
  const depths = Array.from({ length: Math.floor(nLayers / step) + 1 }, (_, i) => step * i);
  return depths.at(-1) === nLayers ? depths : [...depths, nLayers];
}

/** "every depth", "every 3rd depth": how {@link sampledDepths} are spaced. */
export function spacing(nLayers: number): string {
  const step = stepOf(nLayers);
  return step === 1 ? "every depth" : `every ${step}${{ 2: "nd", 3: "rd" }[step] ?? "th"} depth`;
}
