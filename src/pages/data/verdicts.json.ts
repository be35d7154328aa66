import type { APIRoute } from "astro";
import { siteFacts } from "../../facts/site.ts";
import { verdictRows } from "../../facts/verdict-rows.ts";

/** Every claim with its verdict on each model. */
export const GET: APIRoute = () => Response.json(verdictRows(siteFacts()));
