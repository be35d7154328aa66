import { z } from "zod";
import { sentence } from "./fields.ts";

/** What an experiment measures and how, as it is written before a run. */
export const Protocol = z.strictObject({
  title: sentence.describe("A few words."),
  question: sentence.describe("Which question it answers."),
  quantity: sentence.describe("One line: what number comes out."),
  data: sentence.describe("On which text."),
  controls: z
    .array(
      z.strictObject({
        code: z.string().describe("A short name, as on charts: RW for random weights."),
        what: sentence.describe("What is done, and what it rules out."),
      }),
    )
    .min(1)
    .describe("What the number is told from, on the same axes."),
  test: sentence.describe("How the number gets its interval."),
  cost: sentence.describe("How long it takes, on which machine."),
  limits: z.array(sentence).min(1).describe("What it cannot show."),
  falsifier: sentence.describe("What would have to come out for the claim to be wrong."),
  subject: z
    .enum(["model", "families"])
    .default("model")
    .describe("What it measures: any model that has a card, or families of networks that it trains itself."),
  planned: z.boolean().default(false).describe("Not run yet: only its protocol stands."),
});

export type Protocol = z.infer<typeof Protocol>;
