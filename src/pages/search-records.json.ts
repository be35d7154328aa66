import type { APIRoute } from "astro";
import { recordOf } from "../facts/search.ts";
import { siteFacts } from "../facts/site.ts";

/** One record for each claim, for the search index (`integrations/pagefind.ts`). */
export const GET: APIRoute = () => Response.json([...siteFacts().claims.values()].map(recordOf));
