import type { APIRoute, GetStaticPaths } from "astro";
import { cacheKeys } from "../../../../facts/cache-keys.ts";
import { estimatesCsv, tableCsv } from "../../../../facts/csv.ts";
import { siteFacts } from "../../../../facts/site.ts";

const ESTIMATES = "estimates";

/** Each table of each artifact, and its estimates, as CSV. */
export const getStaticPaths = (() => {
  const facts = siteFacts();
  const cacheKey = cacheKeys(facts).data;
  return facts.subjects.flatMap((model) =>
    facts.vault.experiments.flatMap(({ id }) => {
      const result = facts.measured(model.id, id)?.result;
      return result
        ? [ESTIMATES, ...Object.keys(result.tables)].map((table) => ({
            params: { model: model.id, experiment: id, table },
            cacheKey,
          }))
        : [];
    }),
  );
}) satisfies GetStaticPaths;

export const GET: APIRoute = ({ params: { model = "", experiment = "", table = "" } }) => {
  const { estimates, tables } = siteFacts().measured(model, experiment)!.result;
  const text = table === ESTIMATES ? estimatesCsv(estimates) : tableCsv(tables[table]!);
  return new Response(text, { headers: { "Content-Type": "text/csv; charset=utf-8" } });
};
