import type { APIRoute } from "astro";
import { graphOf } from "../../facts/graph.ts";
import { siteFacts } from "../../facts/site.ts";
import { graphFile } from "../../graph/file.ts";
import { layoutOf } from "../../graph/layout.ts";

/** The graph with a place for each page: for the canvas, and for whoever wants to draw it another way. */
export const GET: APIRoute = async () => {
  const graph = graphOf(siteFacts());
  return Response.json(graphFile(graph, await layoutOf(graph)));
};
