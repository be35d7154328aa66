import type { APIRoute } from "astro";
import { archiveOf } from "../../facts/archive.ts";
import { siteFacts } from "../../facts/site.ts";

/** All measurements in one file. */
export const GET: APIRoute = () =>
  new Response(archiveOf(siteFacts()), { headers: { "Content-Type": "application/zip" } });
