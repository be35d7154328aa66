import type { Claim } from "../../pipeline/artifacts/content/claim.ts";
import type { Prediction } from "../../pipeline/artifacts/content/prediction.ts";
import { predictionHash } from "../../pipeline/artifacts/prediction-hash.ts";
import type { Estimate, Provenance, Result } from "../../pipeline/artifacts/schema.ts";

/** Small valid parts that tests vary. */

export const zeros = "0".repeat(64);

export function estimate(id: string, lo: number, hi: number, more: Partial<Estimate> = {}): Estimate {
  const value = (lo + hi) / 2;
  return {
    id,
    label: id,
    value,
    lo,
    hi,
    level: 0.95,
    n: 200,
    per: "document",
    unit: "nats",
    method: "bootstrap",
    tolerance: 0.01,
    ...more,
  };
}

export function prediction(id: string, more: Partial<Prediction> = {}): Prediction {
  return {
    id,
    statement: `The estimate ${id} is above one.`,
    experiment: "depths",
    estimate: id,
    above: 1,
    prior: "blind",
    basis: "Nothing had been run.",
    registered: "2026-11-22",
    ...more,
  };
}

export function claim(predictions: Prediction[], more: Partial<Claim> = {}): Claim {
  return {
    id: "it-holds",
    statement: "It holds.",
    scope: { unit: "token", layers: "all", models: "one", corpus: "Brown" },
    predictions,
    sources: [],
    limit: "One model.",
    ...more,
  };
}

export function result(estimates: Estimate[], more: Partial<Result> = {}): Result {
  return { schema: 1, experiment: "depths", model: "tiny", tables: {}, estimates, ...more };
}

export function provenance(predictions: Prediction[], more: Partial<Provenance> = {}): Provenance {
  return {
    schema: 1,
    experiment: "depths",
    model: "tiny",
    key: zeros,
    inputs: [{ kind: "weights", name: "tiny", hash: zeros }],
    files: {},
    predictions: Object.fromEntries(predictions.map((p) => [`note/it-holds/${p.id}`, predictionHash(p)])),
    environment: { node: "24", runtime: "none", device: "cpu", cpu: "a", threads: 1 },
    started: "2026-11-22T10:00:00.000Z",
    seconds: 1,
    ...more,
  };
}
