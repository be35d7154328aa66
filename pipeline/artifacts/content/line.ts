import { z } from "zod";
import { slug } from "../schema.ts";
import { aliases, day, history, question, sentence, topics, version } from "./fields.ts";

/** An essay over claims of several notes, and the lines to read after it. */
export const Line = z.strictObject({
  title: question,
  standfirst: z.string().startsWith("This explores").describe("One or two sentences that begin: This explores"),
  date: day.describe("When it was first published."),
  version,
  topics,
  claims: z
    .array(z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, "expected note/claim"))
    .min(1)
    .describe("The ledger: note/claim, in the order of the essay."),
  change: z
    .array(
      z.strictObject({
        what: sentence.describe("What would be measured."),
        experiment: slug.optional().describe("Its protocol of content/experiments, where there is one."),
        cost: sentence.describe("What it would take."),
      }),
    )
    .min(1)
    .describe("The smallest experiment that could change the answer."),
  next: z
    .array(
      z.strictObject({
        to: slug.describe("A line of content/lines."),
        step: z.enum(["deepens", "contrasts", "tests"]).describe("What the step does."),
        why: sentence.describe("Why to go there next."),
      }),
    )
    .min(1)
    .describe("Lines to read next."),
  aliases,
  history,
});

export type Line = z.infer<typeof Line>;
