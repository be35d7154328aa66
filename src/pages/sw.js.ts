import type { APIRoute } from "astro";
import code from "../client/offline/service-worker.ts?worker&url";

/**
 * The service worker must be served from the top of the site to see its pages. It has the bundled code beside other scripts
 * read in, by its hash: code that changed is another worker, which browsers notice.
 */
export const GET: APIRoute = () =>
  new Response(`importScripts(${JSON.stringify(code.replace(/^\//, ""))});\n`, {
    headers: { "Content-Type": "text/javascript; charset=utf-8" },
  });
