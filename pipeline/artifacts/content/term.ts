import { z } from "zod";
import { slug } from "../schema.ts";
import { sentence } from "./fields.ts";

/** A word of the glossary. */
export const Term = z.strictObject({
  title: sentence.describe("The term."),
  short: sentence.describe("What it means, in a sentence."),
  trace: slug.optional().describe("A prompt of content/prompts that the term can be seen on."),
  shows: z
    .enum(["top", "kl", "entropy", "rank", "attention", "mlp", "looks"])
    .default("entropy")
    .describe("What of that trace is drawn."),
  see: z.array(slug).default([]).describe("Other terms of the glossary."),
});

export type Term = z.infer<typeof Term>;
