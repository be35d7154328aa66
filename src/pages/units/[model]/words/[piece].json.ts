import type { APIRoute, GetStaticPaths } from "astro";
import { siteFacts } from "../../../../facts/site.ts";
import { unitModels, unitsOf, unitWords } from "../../../../facts/units.ts";

/** Words with the units that go with them, one file for each first letter, for the search on /units/. */
export const getStaticPaths: GetStaticPaths = () => {
  const facts = siteFacts();
  return unitModels(facts).flatMap(({ id }) =>
    [...unitWords(unitsOf(facts, id))].map(([piece, words]) => ({ params: { model: id, piece }, props: { words } })),
  );
};

export const GET: APIRoute = ({ props }) => Response.json(props.words);
