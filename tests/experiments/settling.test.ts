import { describe, expect, it } from "vitest";
import { oracleExit, predictionDepth, risesSomewhere } from "../../pipeline/experiments/lens/settling.ts";

describe("how a token's readings settle", () => {
  it("settles where the final favourite last became the favourite, not where it first was", () => {
    expect(predictionDepth([7, 5, 7, 3, 5, 5, 5])).toBe(4);
    expect(oracleExit([7, 5, 7, 3, 5, 5, 5])).toBe(1);
  });

  it("is 0 when nothing ever changed and the last place when only the end differs", () => {
    expect(predictionDepth([5, 5, 5])).toBe(0);
    expect(predictionDepth([5, 5, 6])).toBe(2);
    expect(oracleExit([5, 5, 6])).toBe(2);
  });

  it("rises only where one step goes up by more than the slack", () => {
    expect(risesSomewhere([3, 2, 1, 0], 0.1)).toBe(false);
    expect(risesSomewhere([3, 2, 2.05, 0], 0.1)).toBe(false);
    expect(risesSomewhere([3, 2, 2.2, 0], 0.1)).toBe(true);
    // Many small rises are no rise of one step.
    expect(risesSomewhere([0, 0.05, 0.1, 0.15], 0.1)).toBe(false);
  });
});
