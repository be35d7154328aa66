import { describe, expect, it } from "vitest";
import type { Prediction } from "../../pipeline/artifacts/content/prediction.ts";
import { missingTable } from "../../pipeline/artifacts/missing.ts";
import type { Estimate } from "../../pipeline/artifacts/schema.ts";
import { isBeyond, PredictionError, type Verdict, verdict, whereIs } from "../../pipeline/artifacts/verdict.ts";
import { claim, estimate, prediction, provenance, result } from "./samples.ts";

const WHERE = ["inside", "outside", "straddles", "unmeasured"] as const;
const BEYOND = ["none", "clear", "clear-below", "covers"] as const;
type State = { where: (typeof WHERE)[number]; beyond: (typeof BEYOND)[number] };

const states: State[] = WHERE.flatMap((where) => BEYOND.map((beyond) => ({ where, beyond })));

/** The specification as a table of words, written apart from the code: which kinds of prediction are there decides. */
function specified(all: State[]): Verdict {
  const kinds = new Set(
    all.map((s) =>
      // All of them predict "above": a control that lies higher confounds as one that cannot be told apart does.
      s.where === "inside" && (s.beyond === "covers" || s.beyond === "clear-below") ? "inside-confounded" : s.where,
    ),
  );
  if (all.length === 0 || kinds.has("unmeasured")) return "untested";
  if (kinds.has("inside-confounded")) return "confounded";
  switch ([...kinds].sort().join("+")) {
    case "inside":
      return "supported";
    case "outside":
      return "contradicted";
    case "inside+outside":
    case "inside+outside+straddles":
      return "mixed";
    case "straddles":
    case "inside+straddles":
    case "outside+straddles":
      return "inconclusive";
    default:
      throw new Error(`the specification forgot ${[...kinds].join("+")}`);
  }
}

const intervals = { inside: [2, 3], outside: [-3, 0.5], straddles: [0.5, 2] } as const;
const differences = { clear: [0.1, 0.4], "clear-below": [-0.4, -0.1], covers: [-0.1, 0.4] } as const;

/** Each state gets an experiment of its own, so that a claim's predictions lie in several artifacts. */
function build(all: State[]) {
  const predictions: Prediction[] = [];
  const artifacts = new Map<string, Estimate[]>();
  for (const [i, { where, beyond }] of all.entries()) {
    const control = beyond === "none" ? {} : { beyond: "control" };
    predictions.push(prediction(`p${i}`, { experiment: `e${i}`, ...control }));
    if (where === "unmeasured") continue;
    const [lo, hi] = intervals[where];
    if (beyond === "none") artifacts.set(`e${i}`, [estimate(`p${i}`, lo, hi)]);
    else {
      const [from, to] = differences[beyond];
      artifacts.set(`e${i}`, [
        estimate(`p${i}`, lo, hi, { control: "control", difference: "difference" }),
        estimate("control", 0, 1),
        estimate("difference", from, to),
      ]);
    }
  }
  const lookup = (experiment: string) => {
    const estimates = artifacts.get(experiment);
    return (
      estimates && { result: result(estimates, { experiment }), provenance: provenance(predictions, { experiment }) }
    );
  };
  return { predictions, lookup };
}

describe("the verdict of a claim", () => {
  const combinations: State[][] = [[]];
  for (const a of states) combinations.push([a], ...states.flatMap((b) => [[a, b], ...states.map((c) => [a, b, c])]));

  it("is what the rule says for every combination of up to three predictions", () => {
    const seen = new Map<Verdict, number>();
    for (const all of combinations) {
      const { predictions, lookup } = build(all);
      const found = verdict("note", claim(predictions), lookup);
      expect({ all, verdict: found.verdict }).toEqual({ all, verdict: specified(all) });
      seen.set(found.verdict, (seen.get(found.verdict) ?? 0) + 1);
    }
    expect(combinations).toHaveLength(1 + 16 + 16 ** 2 + 16 ** 3);
    expect([...seen.keys()].sort()).toEqual([
      "confounded",
      "contradicted",
      "inconclusive",
      "mixed",
      "supported",
      "untested",
    ]);
  });

  it("is untestable before anything else, whatever is measured", () => {
    for (const all of combinations.slice(0, 300)) {
      const { predictions, lookup } = build(all);
      expect(verdict("note", claim(predictions, { untestable: "An analogy." }), lookup).verdict).toBe("untestable");
    }
  });

  it("does not depend on the order of the predictions", () => {
    for (const all of combinations) {
      const [one, other] = [build(all), build([...all].reverse())];
      expect(verdict("note", claim(other.predictions), other.lookup).verdict).toBe(
        verdict("note", claim(one.predictions), one.lookup).verdict,
      );
    }
  });

  it("is beyond a control only on the predicted side", () => {
    const [up, down, open] = [
      { lo: 0.1, hi: 0.4 },
      { lo: -0.4, hi: -0.1 },
      { lo: -0.1, hi: 0.4 },
    ];
    const beyond = (range: Parameters<typeof isBeyond>[1]) => [up, down, open].map((d) => isBeyond(d, range));
    expect(beyond({ above: 5 })).toEqual([true, false, false]);
    expect(beyond({ below: 5 })).toEqual([false, true, false]);
    expect(beyond({ within: [0, 1] })).toEqual([true, true, false]);
  });

  it("gives its reasons: where each interval lies, its control, its difference", () => {
    const { predictions, lookup } = build([
      { where: "inside", beyond: "covers" },
      { where: "outside", beyond: "clear" },
      { where: "unmeasured", beyond: "none" },
    ]);
    const { reasons } = verdict("note", claim(predictions), lookup);
    expect(reasons.map((r) => [r.where, r.beyondControl, r.control?.id, r.difference?.lo])).toEqual([
      ["inside", false, "control", -0.1],
      ["outside", true, "control", 0.1],
      [null, null, undefined, undefined],
    ]);
  });

  it("marks as post hoc what was not registered when its artifact was computed, and nothing that isn't measured", () => {
    const registered = prediction("a");
    const measured = { result: result([estimate("a", 2, 3)]), provenance: provenance([registered]) };
    const postHoc = (p: Prediction) =>
      verdict("note", claim([p]), (e) => (e === "depths" ? measured : undefined)).reasons[0]?.postHoc;
    expect(postHoc(registered)).toBe(false);
    expect(postHoc({ ...registered, statement: "The same bet in better words." })).toBe(false);
    expect(postHoc({ ...registered, above: 1.5 })).toBe(true);
    expect(postHoc({ ...registered, prior: "informed" })).toBe(true);
    expect(postHoc({ ...registered, experiment: "to-come", above: 1.5 })).toBe(false);
  });
});

describe("a range", () => {
  it("leaves its bound out when above or below, takes both in when within", () => {
    const at = (lo: number, hi: number) => [
      whereIs({ lo, hi }, { above: 1 }),
      whereIs({ lo, hi }, { below: 1 }),
      whereIs({ lo, hi }, { within: [1, 2] }),
    ];
    expect(at(1, 1)).toEqual(["outside", "outside", "inside"]);
    expect(at(1, 2)).toEqual(["straddles", "outside", "inside"]);
    expect(at(0, 1)).toEqual(["outside", "straddles", "straddles"]);
    expect(at(0, 3)).toEqual(["straddles", "straddles", "straddles"]);
    expect(at(2.5, 3)).toEqual(["inside", "outside", "outside"]);
    expect(at(-1, 0.5)).toEqual(["outside", "inside", "outside"]);
  });
});

describe("a prediction that an artifact cannot answer", () => {
  const run = (p: Prediction, estimates: Estimate[]) => () =>
    verdict("why-so", claim([p]), () => ({ result: result(estimates), provenance: provenance([p]) }));

  it("on an estimate that isn't there is an error with file, field and what there is", () => {
    expect(run(prediction("kl-late"), [estimate("kl-early", 0, 1)])).toThrow(
      'content/notes/why-so.mdx: claims.it-holds.predictions.kl-late.estimate: "kl-late" is not an estimate of public/artifacts/tiny/depths/result.json; there are: kl-early.',
    );
  });

  it("on an estimate of which the artifact says why this model has none leaves the claim untested, with the reason", () => {
    const tables = missingTable([{ estimate: "kl-late", why: "too few items are left" }]);
    const p = [prediction("kl-early"), prediction("kl-late")];
    const measured = { result: { ...result([estimate("kl-early", 2, 3)]), tables }, provenance: provenance(p) };
    const found = verdict("why-so", claim(p), () => measured);
    expect(found.verdict).toBe("untested");
    expect(found.reasons.map(({ missing, where }) => [missing, where])).toEqual([
      [null, "inside"],
      ["too few items are left", null],
    ]);
    // A reason for one estimate excuses no other.
    expect(run(prediction("kl-middle"), [])).toThrow('"kl-middle" is not an estimate');
    const registered = { ...measured, provenance: provenance([...p, prediction("kl-middle")]) };
    expect(() => verdict("why-so", claim([prediction("kl-middle")]), () => registered)).toThrow(PredictionError);
  });

  it("on an estimate that an artifact from before the prediction lacks leaves the claim untested, with the reason", () => {
    const old = prediction("kl-early");
    const measured = { result: result([estimate("kl-early", 2, 3)]), provenance: provenance([old]) };
    const on = (younger: Prediction) => verdict("why-so", claim([old, younger]), () => measured);
    const found = on(prediction("kl-late"));
    expect([found.verdict, found.reasons[1]?.missing]).toEqual([
      "untested",
      'measured before this was predicted, without "kl-late"',
    ]);
    expect(on(prediction("kl-early", { beyond: "rw" })).reasons[1]?.missing).toContain('without "rw"');
    const beyond = prediction("kl-early", { beyond: "kl-early" });
    expect(on(beyond).reasons[1]?.missing).toContain('without "kl-early − kl-early"');
  });

  it("beyond a control that isn't there, or that has no paired difference, is an error", () => {
    const p = prediction("a", { beyond: "rw" });
    expect(run(p, [estimate("a", 0, 1)])).toThrow('predictions.a.beyond: "rw" is not an estimate');
    expect(run(p, [estimate("a", 0, 1), estimate("rw", 0, 1)])).toThrow(
      'no paired difference of "a" from "rw"; its control there is none',
    );
    expect(run(p, [estimate("a", 0, 1, { control: "rw" }), estimate("rw", 0, 1)])).toThrow(PredictionError);
    const other = [
      estimate("a", 0, 1, { control: "sl", difference: "d" }),
      estimate("rw", 0, 1),
      estimate("sl", 0, 1),
      estimate("d", 0, 1),
    ];
    expect(run(p, other)).toThrow('its control there is "sl"');
  });
});
