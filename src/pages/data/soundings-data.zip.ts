import type { APIRoute } from "astro";
import { siteArchive } from "../../facts/archive.ts";
import { siteFacts } from "../../facts/site.ts";

/** All measurements in one file. */
export const GET: APIRoute = () =>
  new Response(siteArchive(siteFacts()), { headers: { "Content-Type": "application/zip" } });
