import { z } from "zod";
import { slug } from "../schema.ts";
import { day, sentence } from "./fields.ts";

/** One registered statement about one estimate: exactly one of `above`, `below`, `within`. */
export const Prediction = z
  .strictObject({
    id: slug.describe("Its name within the claim."),
    statement: sentence.describe("The prediction in words, for readers."),
    experiment: slug.describe("The experiment of content/experiments that gives the estimate."),
    estimate: slug.describe("Which of the experiment's estimates it is about."),
    above: z
      .number()
      .optional()
      .describe("The estimate's interval must lie above this. Exactly one of above, below, within."),
    below: z
      .number()
      .optional()
      .describe("The estimate's interval must lie below this. Exactly one of above, below, within."),
    within: z
      .tuple([z.number(), z.number()])
      .optional()
      .describe("The estimate's interval must lie between these two. Exactly one of above, below, within."),
    beyond: slug
      .optional()
      .describe("The control that the estimate must differ from; the artifact holds the paired difference."),
    prior: z
      .enum(["blind", "informed"])
      .describe("blind: nothing had been seen. informed: a trial, a paper on this model or an earlier result had."),
    basis: sentence.describe("What the prediction rests on."),
    registered: day.describe("The day it was committed: before the run, or the page says post hoc."),
  })
  .superRefine((p, context) => {
    const given = [p.above, p.below, p.within].filter((range) => range !== undefined).length;
    if (given !== 1)
      context.addIssue({ code: "custom", message: `expected exactly one of above, below, within; found ${given}` });
  });

export type Prediction = z.infer<typeof Prediction>;
