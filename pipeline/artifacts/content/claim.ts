import { z } from "zod";
import { slug } from "../schema.ts";
import { sentence } from "./fields.ts";
import { Prediction } from "./prediction.ts";

/** How far a source carries a claim. */
export const CitationCheck = z.enum(["states", "weaker", "other-object", "absent"]);

export type CitationCheck = z.infer<typeof CitationCheck>;

/** One thing that a note says: what it is about, what would decide it, what others have published about it. */
export const Claim = z
  .strictObject({
    id: slug.describe(
      "Its name within the note: an anchor on the page, and what <Claim of> and a line's ledger call it by.",
    ),
    record: z
      .string()
      .regex(/^[AB]\d{1,2}$/)
      .optional()
      .describe("Which of the thirty seed claims this is (A1 … B15), where it is one."),
    statement: sentence.describe("What is claimed, in one sentence."),
    scope: z
      .strictObject({
        unit: sentence.describe("Of what: token, neuron, head, …"),
        layers: sentence.describe("In which layers."),
        models: sentence.describe("Of which models."),
        corpus: sentence.describe("On which text."),
      })
      .describe("What the claim is about, and no more."),
    predictions: z
      .array(Prediction)
      .default([])
      .describe("What must come out if the claim holds, registered before the run. Or `planned`, or `untestable`."),
    untestable: sentence.optional().describe("Why no measurement could decide it."),
    planned: z
      .strictObject({
        experiment: slug.describe("The experiment of content/experiments that is to come."),
        what: sentence.describe("What it would take."),
      })
      .optional()
      .describe("Not measured yet: the experiment that is to come."),
    // A model that a reader switches to has its own verdict, and no sentence of its own.
    reading: z
      .enum(["supported", "contradicted", "mixed", "confounded", "inconclusive", "untested", "untestable"])
      .optional()
      .describe(
        "The verdict that the sentences about it were written for, on the first subject that it applies to. check tells when it turns.",
      ),
    sources: z
      .array(
        z.strictObject({
          source: slug.describe("A source of content/sources."),
          locator: sentence.describe("Where in it: section, figure, page."),
          check: CitationCheck.describe(
            "Does the source state it, state something weaker, speak of another object, or not at all?",
          ),
          remark: sentence.describe("What it says there, in our own words."),
        }),
      )
      .default([])
      .describe("What others have published about it."),
    limit: sentence.describe("What the model or the measurement cannot say about it."),
  })
  .superRefine((claim, context) => {
    const ways = [claim.predictions.length > 0, claim.untestable !== undefined, claim.planned !== undefined];
    if (!ways.some(Boolean))
      context.addIssue({
        code: "custom",
        message: "expected predictions, or `planned`, or `untestable` with its reason",
      });
    if (claim.untestable !== undefined && (ways[0] || ways[2]))
      context.addIssue({
        code: "custom",
        path: ["untestable"],
        message: "an untestable claim has no prediction or plan",
      });
  });

export type Claim = z.infer<typeof Claim>;
