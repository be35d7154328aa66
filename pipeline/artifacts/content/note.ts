import { z } from "zod";
import { slug } from "../schema.ts";
import { Claim } from "./claim.ts";
import { aliases, day, history, question, sentence, topics, version } from "./fields.ts";

/** A question, and the claims that answer it. */
export const Note = z.strictObject({
  title: question,
  standfirst: sentence.describe("What was found, in one or two sentences."),
  summary: sentence.describe("What cards say of it, in our own words."),
  date: day.describe("When it was first published."),
  version,
  topics,
  claims: z.array(Claim).min(1).describe("What it claims, each with what would decide it."),
  traces: z.array(slug).default([]).describe("Prompts of content/prompts that the trace explorer shows for it."),
  related: z
    .array(
      z.strictObject({
        note: slug.describe("A note of content/notes."),
        relation: z
          .enum(["supports", "qualifies", "contradicts", "replicates"])
          .describe("What this note does to the other."),
        why: sentence.describe("In what way."),
      }),
    )
    .default([])
    .describe("Notes that bear on it."),
  silent: z.array(sentence).min(1).describe("What this model cannot say."),
  aliases,
  history,
});

export type Note = z.infer<typeof Note>;
