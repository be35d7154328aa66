import { z } from "zod";
import { Provenance, Result, Trace } from "../../pipeline/artifacts/schema.ts";

const of = (schema: z.ZodType, title: string) => () => ({
  ...z.toJSONSchema(schema, { target: "draft-2020-12", io: "input" }),
  title,
});

/** JSON Schemas (draft 2020-12) of the files that are published, from the schemas that the build itself reads them by. */
export const jsonSchemas: Record<string, () => Record<string, unknown>> = {
  "result.schema.json": of(Result, "result.json: tables and estimates of one experiment on one model"),
  "provenance.schema.json": of(Provenance, "provenance.json: what a result was computed from"),
  "trace.schema.json": of(Trace, "traces/<id>.json: one prompt read at every depth"),
};
