import type { Verdict } from "../../pipeline/artifacts/verdict.ts";
import type { ClaimFacts } from "./claims.ts";
import type { Facts } from "./facts.ts";
import { apart, type Traits } from "./search-text.ts";

/** Joint filter values `model:verdict` of claims: two separate filters would match one model's verdict with another's name. */
export function jointVerdicts(claims: readonly ClaimFacts[]): string[] {
  return claims.flatMap(({ models }) => models.map(({ model, verdict }) => joint(model.id, verdict)));
}

const joint = (model: string, verdict: Verdict) => `${model}:${verdict}`;

/** Whether units were measured that `/units/` finds by token: it has an index of its own, in pieces by first letter. */
export const unitsSearchable = ({ subjects, measured }: Facts): boolean =>
  subjects.some(({ id }) => measured(id, "unit-polysemanticity")?.provenance.files["units/0.json"] !== undefined);

/** The kinds of what is found, as the filter has them, with their names. */
export const KINDS: readonly (readonly [string, string])[] = [
  ["line", "Lines"],
  ["note", "Notes"],
  ["claim", "Claims"],
  ["source", "Sources"],
  ["topic", "Topics"],
  ["model", "Models"],
  ["experiment", "Experiments"],
  ["term", "Glossary"],
];

/** A claim as the search index takes it. */
export interface SearchRecord {
  url: string;
  content: string;
  /** `verdicts`: joint values with spaces between, for what a hit shows. */
  meta: { title: string; kind: string; note: string; verdicts: string };
  traits: Traits;
}

export function recordOf(claim: ClaimFacts): SearchRecord {
  const { note } = claim;
  const { statement, scope, limit, record, predictions } = claim.claim;
  const verdicts = jointVerdicts([claim]);
  return {
    url: claim.address,
    content: [
      statement,
      record ?? "",
      ...predictions.map((p) => p.statement),
      scope.unit,
      scope.corpus,
      limit,
      note.data.title,
    ]
      .filter((part) => part !== "")
      .map((part) => apart(/[.?!]$/.test(part) ? part : `${part}.`))
      .join(" "),
    meta: { title: statement, kind: "claim", note: note.data.title, verdicts: verdicts.join(" ") },
    traits: { kind: "claim", topics: note.data.topics, verdicts },
  };
}
