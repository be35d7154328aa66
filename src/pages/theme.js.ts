import type { APIRoute } from "astro";

/**
 * Before anything is painted: says that scripts run (`data-scripts`), so that what needs them has its place from the start, and
 * sets the reader's choice of light or dark. A file, since the policy allows no inline script.
 */
const script = `document.documentElement.dataset.scripts="";try{const t=localStorage.getItem("theme");if(t==="light"||t==="dark")document.documentElement.dataset.theme=t}catch{}\n`;

export const GET: APIRoute = () =>
  new Response(script, { headers: { "Content-Type": "text/javascript; charset=utf-8" } });
