import type { APIRoute } from "astro";
import { absolute, base } from "../facts/place.ts";

/** Everything may be read; cards are parts of pages. */
export const GET: APIRoute = () =>
  new Response(`User-agent: *\nDisallow: ${base}/cards/\n\nSitemap: ${absolute("/sitemap-index.xml")}\n`, {
    headers: { "Content-Type": "text/plain; charset=utf-8" },
  });
