import { z } from "zod";
import { slug } from "../../schema.ts";
import { sentence } from "../fields.ts";
import { promptHead } from "./prompt-head.ts";

/** Items whose steps get harder by turns, while length, last token and answer stay. */
export const LadderPrompts = z.strictObject({
  kind: z.literal("ladders"),
  ...promptHead,
  ladders: z
    .array(
      z.strictObject({
        id: slug,
        title: sentence,
        about: sentence,
        steps: z
          .array(sentence)
          .min(3)
          .max(4)
          .describe("What makes each step harder than the one before, easiest first."),
        items: z
          .array(
            z.strictObject({
              id: slug,
              template: slug,
              group: slug.describe("Items that share their words: resampled together."),
              answer: z.string().min(1).describe("The right word after every step, with its leading space."),
              foil: z.string().min(1).describe("A wrong one of the same kind."),
              steps: z.array(sentence).min(3).max(4).describe("The prompt at each step, up to the word to come."),
            }),
          )
          .min(24),
      }),
    )
    .min(3),
});

export type LadderPrompts = z.infer<typeof LadderPrompts>;
