import { z } from "zod";
import { slug } from "../../schema.ts";
import { promptHead } from "./prompt-head.ts";

/**
 * Sentences that begin in one sense of a noun and go on in the same or in the other. Cues and turns are crossed: a cue with the turn
 * of its own sense is a control, with that of the other sense a garden path.
 */
export const GardenPathPrompts = z.strictObject({
  kind: z.literal("garden-paths"),
  ...promptHead,
  items: z
    .array(
      z.strictObject({
        id: slug,
        lemma: z.string().describe("A noun of the set of senses."),
        senses: z.tuple([slug, slug]).describe("Its two senses there, in their order."),
        opening: z
          .string()
          .regex(/^[^{}]*\{\}[^{}]+$/)
          .describe("From the beginning to the noun; {} is the cue's place."),
        cues: z.tuple([z.string(), z.string()]).describe("The cue of each sense."),
        turns: z.tuple([z.string(), z.string()]).describe("What goes on from the noun, in each sense."),
        words: z
          .tuple([z.string(), z.string()])
          .describe("The word that follows, in each sense, with its leading space."),
      }),
    )
    .min(30),
});

export type GardenPathPrompts = z.infer<typeof GardenPathPrompts>;
