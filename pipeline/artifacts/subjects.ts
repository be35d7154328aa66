import type { Claim } from "./content/claim.ts";
import type { Protocol } from "./content/protocol.ts";
import type { Entry, Vault } from "./vault.ts";

/** What is measured: a model that has a card, or families of networks that experiments train for themselves. */
export interface Subject extends Entry<{ readonly title: string; readonly about: string }> {
  readonly kind: Protocol["subject"];
}

/** Everything that is measured, in the order in which readers meet it: the default model, other models, families. */
export function subjectsOf({ models, families }: Pick<Vault, "models" | "families">): Subject[] {
  return [
    ...models.filter(({ data }) => data.default).map((entry) => ({ ...entry, kind: "model" as const })),
    ...models.filter(({ data }) => !data.default).map((entry) => ({ ...entry, kind: "model" as const })),
    ...families.map((entry) => ({ ...entry, kind: "families" as const })),
  ];
}

/** The experiments that decide a claim, or are to. */
export function experimentsOf({ predictions, planned }: Pick<Claim, "predictions" | "planned">): string[] {
  const named = [...predictions.map(({ experiment }) => experiment), ...(planned ? [planned.experiment] : [])];
  return [...new Set(named)];
}

/**
 * The kind of subject that a claim speaks of: what its experiments run on. A claim without any, and one whose experiments
 * disagree (`findBrokenReferences` reports it), counts as one about models.
 */
export function kindOf(
  claim: Pick<Claim, "predictions" | "planned">,
  protocols: Vault["experiments"],
): Subject["kind"] {
  const kinds = new Set(experimentsOf(claim).map((id) => protocols.find((each) => each.id === id)?.data.subject));
  return kinds.size === 1 && kinds.has("families") ? "families" : "model";
}

/**
 * Those that a claim applies to, in the order of `subjects`: the first is the one whose verdict its sentences are read
 * beside, and to which its `reading` refers.
 */
export function appliesTo(
  claim: Pick<Claim, "predictions" | "planned">,
  subjects: readonly Subject[],
  protocols: Vault["experiments"],
): Subject[] {
  const kind = kindOf(claim, protocols);
  return subjects.filter((subject) => subject.kind === kind);
}

/** The subject that an experiment is shown on where no other is asked for: the first of its kind. */
export function shownFirst(
  experiment: string,
  subjects: readonly Subject[],
  protocols: Vault["experiments"],
): Subject | undefined {
  const kind = protocols.find(({ id }) => id === experiment)?.data.subject;
  return subjects.find((subject) => subject.kind === kind) ?? subjects[0];
}
