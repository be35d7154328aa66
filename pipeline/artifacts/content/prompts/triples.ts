import { z } from "zod";
import { promptHead } from "./prompt-head.ts";

/** Words with one of like and one of unlike company, matched in all else. */
export const TriplesPrompts = z.strictObject({
  kind: z.literal("triples"),
  ...promptHead,
  triples: z
    .array(
      z.strictObject({
        tag: z
          .string()
          .regex(/^[A-Z]+$/)
          .describe("The tag that all three have in Brown."),
        word: z.string().describe("The word that the two others are held against."),
        near: z.string().describe("Stands in like contexts."),
        far: z.string().describe("Stands in unlike contexts."),
      }),
    )
    .min(40),
});

export type TriplesPrompts = z.infer<typeof TriplesPrompts>;
