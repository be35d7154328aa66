import { describe, expect, it } from "vitest";
import { depthsAt, sampledDepths, spacing } from "../../../pipeline/experiments/support/depths.ts";

describe("depths of a model as shares of its blocks", () => {
  it("are whole, each once, and past the embedding wherever the share is above 0", () => {
    expect(depthsAt([0, 1 / 30, 0.1, 0.5, 0.5, 1], 30)).toEqual([0, 1, 3, 15, 30]);
    expect(depthsAt([0.1, 0.3], 8)).toEqual([1, 2]);
    expect(depthsAt([0.8, 1], 8)).toEqual([6, 8]);
    expect(depthsAt([0, 0.01, 1], 2)).toEqual([0, 1, 2]);
  });

  it("are sampled some ten times from the embedding to the end, however deep the model is", () => {
    for (let nLayers = 1; nLayers <= 100; nLayers++) {
      const depths = sampledDepths(nLayers);
      expect([depths[0], depths.at(-1)]).toEqual([0, nLayers]);
      expect(new Set(depths).size).toBe(depths.length);
      expect(depths.length).toBeGreaterThan(Math.min(nLayers, 7));
      expect(depths.length).toBeLessThan(16);
    }
    expect(sampledDepths(30)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30]);
    expect(sampledDepths(8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("say how they are spaced", () => {
    expect([8, 20, 30, 48].map(spacing)).toEqual([
      "every depth",
      "every 2nd depth",
      "every 3rd depth",
      "every 5th depth",
    ]);
  });
});
