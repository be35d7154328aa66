import type { APIRoute } from "astro";
import { siteFacts } from "../facts/site.ts";
import { allCards } from "../facts/social.ts";

/**
 * What stands on each page's picture (`integrations/social.ts` draws them, beside the rendering of pages, and takes this away).
 * Named so that it is among the first to be written.
 */
export const GET: APIRoute = () => Response.json(allCards(siteFacts()));
