import { z } from "zod";
import { slug } from "../../schema.ts";
import { sentence } from "../fields.ts";
import { promptHead } from "./prompt-head.ts";

/** Labelled senses. In each text the target stands once, after its cue. */
export const SensesPrompts = z.strictObject({
  kind: z.literal("senses"),
  ...promptHead,
  lemmas: z
    .array(
      z.strictObject({
        lemma: z.string(),
        form: z.string().describe("The surface form that stands in every text."),
        senses: z
          .array(
            z.strictObject({
              id: slug,
              gloss: sentence,
              supersense: z.string().describe("WordNet lexicographer class, such as noun.artifact."),
              sentences: z
                .array(
                  z.strictObject({
                    text: sentence.describe("A sentence with the target in this sense, once."),
                    cue: z.string().describe("The content word, left of the target, that tells the sense."),
                  }),
                )
                .min(40),
            }),
          )
          .min(2),
      }),
    )
    .min(12),
});

export type SensesPrompts = z.infer<typeof SensesPrompts>;
