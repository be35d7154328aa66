import { z } from "zod";
import { slug } from "../../schema.ts";
import { sentence } from "../fields.ts";
import { promptHead } from "./prompt-head.ts";

/** Prompts for the trace explorer. */
export const TracePrompts = z.strictObject({
  kind: z.literal("traces"),
  ...promptHead,
  prompts: z
    .array(z.strictObject({ id: slug, text: z.string().min(1), about: sentence, pair: slug.optional() }))
    .min(12),
});

export type TracePrompts = z.infer<typeof TracePrompts>;
