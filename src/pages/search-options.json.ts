import type { APIRoute } from "astro";
import { legend } from "../facts/claims.ts";
import { KINDS, unitsSearchable } from "../facts/search.ts";
import { siteFacts } from "../facts/site.ts";

/** What the search can be narrowed by, for the palette, which any page can open. */
export const GET: APIRoute = () => {
  const facts = siteFacts();
  const { subjects, vault } = facts;
  return Response.json({
    kind: KINDS,
    topic: vault.topics.map(({ id, data }) => [id, data.title]),
    verdict: legend.map((each) => [each, each]),
    model: subjects.map(({ id, data }) => [id, data.title]),
    units: unitsSearchable(facts),
  });
};
