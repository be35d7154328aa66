import { describe, expect, it } from "vitest";
import type { Prediction } from "../../pipeline/artifacts/content/prediction.ts";
import type { Estimate } from "../../pipeline/artifacts/schema.ts";
import { registeredPredictions } from "../../pipeline/jobs/registered.ts";
import { claim, estimate, prediction, provenance, result } from "../artifacts/samples.ts";
import { Note } from "../artifacts/vault-parts.ts";

const [stays, moves] = [prediction("stays"), prediction("moves")];
const before: Estimate[] = [estimate("stays", 1, 2), estimate("moves", 1, 2)];
const after: Estimate[] = [estimate("stays", 1, 2), estimate("moves", 3, 4)];
const previous = (registered: Prediction[]) => ({ result: result(before), provenance: provenance(registered) });
const names = (predictions: Prediction[], estimates: Estimate[], known?: ReturnType<typeof previous>) =>
  Object.keys(registeredPredictions([Note("note", { claims: [claim(predictions)] })], "depths", estimates, known)).map(
    (name) => name.split("/").at(-1),
  );

describe("a new artifact registers", () => {
  it("every prediction on its experiment when it is the first, and none on another", () => {
    expect(names([stays, moves, prediction("other", { experiment: "elsewhere" })], before)).toEqual(["stays", "moves"]);
  });

  it("what was registered before, and what is said of a number that moved", () => {
    expect(names([stays, moves], after, previous([stays, moves]))).toEqual(["stays", "moves"]);
    expect(names([stays, moves], after, previous([]))).toEqual(["moves"]);
  });

  it("what is said of a number that wasn't there before, but not a changed bet on one that was", () => {
    const changed = { ...stays, above: 0.5 };
    expect(names([changed, prediction("new")], [...after, estimate("new", 1, 2)], previous([stays]))).toEqual(["new"]);
  });

  it("the very bets of before when the result is the very same", () => {
    expect(names([{ ...stays, above: 0.5 }], before, previous([stays]))).toEqual(["stays"]);
  });
});
