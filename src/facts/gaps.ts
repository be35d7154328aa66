import type { Subject } from "../../pipeline/artifacts/subjects.ts";
import type { Reason } from "../../pipeline/artifacts/verdict.ts";
import type { ClaimFacts } from "./claims.ts";
import type { Facts } from "./facts.ts";
import { secondsOf } from "./took.ts";

/** An experiment that would settle something, and what it costs. */
export interface Settling {
  readonly id: string;
  readonly title: string;
  /** Only its protocol stands so far. */
  readonly planned: boolean;
  /** As its protocol says. */
  readonly cost: string;
  /** What it took where it has been measured, in seconds. */
  readonly took: readonly { readonly on: Subject; readonly seconds: number }[];
}

/** A claim that nothing has decided, with what would. */
export interface Gap {
  readonly claim: ClaimFacts;
  /** What is to be done, in words. */
  readonly what: string;
  readonly settling: readonly Settling[];
}

/** A prediction whose interval lies across the edge of its range, and how much more of the same would clear the edge. */
export interface Undecided {
  readonly claim: ClaimFacts;
  readonly reason: Reason;
  readonly experiment: Settling;
  /** How many independent units it would take, infinite where the estimate lies on the edge; and how long, where that is known. */
  readonly needed: { readonly n: number; readonly seconds: number | undefined };
}

/** What a subject has not been put to yet. */
export interface Unmeasured {
  readonly subject: Subject;
  readonly claims: number;
  readonly experiments: readonly Settling[];
}

export interface Gaps {
  readonly untested: readonly Gap[];
  readonly undecided: readonly Undecided[];
  readonly untestable: readonly ClaimFacts[];
  readonly unmeasured: readonly Unmeasured[];
}

/** What is not known yet, on what readers see first; and what else has not been measured on the other subjects. */
export function gapsOf(facts: Facts): Gaps {
  const all = [...facts.claims.values()];
  const at = (verdict: string) => all.filter(({ first }) => first.verdict === verdict);
  return {
    untested: at("untested").map((claim) => gapOf(facts, claim)),
    undecided: at("inconclusive").flatMap((claim) =>
      claim.first.reasons
        .filter(({ where }) => where === "straddles")
        .flatMap((reason) => undecidedOf(facts, claim, reason)),
    ),
    untestable: at("untestable"),
    unmeasured: facts.subjects.flatMap((subject) => unmeasuredOn(facts, subject)),
  };
}

function gapOf(facts: Facts, claim: ClaimFacts): Gap {
  const { predictions, planned } = claim.claim;
  const waiting = claim.first.reasons.filter(({ where }) => where === null).map(({ prediction }) => prediction);
  const ids = [...new Set([...(planned ? [planned.experiment] : []), ...waiting.map(({ experiment }) => experiment)])];
  const some = waiting.length < predictions.length ? "Some of its predictions wait" : "Predicted, and waiting";
  return {
    claim,
    what: planned?.what ?? `${some} for a measurement.`,
    settling: ids.flatMap((id) => settlingOf(facts, id) ?? []),
  };
}

function settlingOf(facts: Facts, id: string): Settling | undefined {
  const found = facts.experiments.get(id);
  if (!found) return undefined;
  const { title, planned, cost } = found.experiment.data;
  const took = found.artifacts.flatMap(({ model: on, measured }) => {
    const seconds = secondsOf(measured.provenance);
    return seconds === undefined ? [] : [{ on, seconds }];
  });
  return { id, title, planned, cost, took };
}

function undecidedOf(facts: Facts, claim: ClaimFacts, reason: Reason): Undecided[] {
  const experiment = settlingOf(facts, reason.prediction.experiment);
  const measured = facts.measured(claim.first.model.id, reason.prediction.experiment);
  if (!experiment || !measured || !reason.estimate) return [];
  const times = timesNeeded(reason);
  const n = Math.ceil(reason.estimate.n * times);
  const took = secondsOf(measured.provenance);
  return [{ claim, reason, experiment, needed: { n, seconds: took === undefined ? undefined : took * times } }];
}

/**
 * How many times as many independent units would bring the interval off the edge that it covers, if the estimate stayed where
 * it is: an interval narrows with the root of n, so (half-width / distance to the edge)². Infinite on the edge itself.
 */
export function timesNeeded({ estimate, prediction }: Pick<Reason, "estimate" | "prediction">): number {
  if (!estimate) return Number.POSITIVE_INFINITY;
  const { above, below, within = [] } = prediction;
  const covered = [above, below, ...within].filter(
    (edge) => edge !== undefined && edge >= estimate.lo && edge <= estimate.hi,
  );
  const distance = Math.min(...covered.map((edge) => Math.abs(estimate.value - edge!)));
  return ((estimate.hi - estimate.lo) / 2 / distance) ** 2;
}

function unmeasuredOn(facts: Facts, subject: Subject): Unmeasured[] {
  // Where the estimate is one that this subject has none of, measuring would settle nothing.
  const waiting = [...facts.claims.values()].flatMap(({ models }) =>
    models.filter(
      ({ model, verdict, reasons }) =>
        model.id === subject.id && verdict === "untested" && reasons.every(({ missing }) => missing === null),
    ),
  );
  const ids = new Set(
    waiting.flatMap(({ reasons }) =>
      reasons.filter(({ where }) => where === null).map(({ prediction }) => prediction.experiment),
    ),
  );
  const experiments = [...ids].sort().flatMap((id) => settlingOf(facts, id) ?? []);
  return experiments.length > 0 ? [{ subject, claims: waiting.length, experiments }] : [];
}
