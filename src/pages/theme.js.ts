import type { APIRoute } from "astro";

/** Sets the reader's choice of light or dark before anything is painted; a file, since the policy allows no inline script. */
const script = `try{const t=localStorage.getItem("theme");if(t==="light"||t==="dark")document.documentElement.dataset.theme=t}catch{}\n`;

export const GET: APIRoute = () =>
  new Response(script, { headers: { "Content-Type": "text/javascript; charset=utf-8" } });
