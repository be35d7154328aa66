import type { APIRoute, GetStaticPaths } from "astro";
import { jsonSchemas } from "../../../facts/json-schemas.ts";

/** The JSON Schema of each kind of file. */
export const getStaticPaths = (() =>
  Object.keys(jsonSchemas).map((name) => ({ params: { name } }))) satisfies GetStaticPaths;

export const GET: APIRoute = ({ params }) =>
  new Response(`${JSON.stringify(jsonSchemas[params.name!]!(), null, 2)}\n`, {
    headers: { "Content-Type": "application/schema+json" },
  });
