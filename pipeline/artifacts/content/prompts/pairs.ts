import { z } from "zod";
import { slug } from "../../schema.ts";
import { sentence } from "../fields.ts";
import { promptHead } from "./prompt-head.ts";

/** Prompts in pairs that differ in one word, the cue, which decides what comes next. */
export const PairPrompts = z.strictObject({
  kind: z.literal("pairs"),
  ...promptHead,
  tasks: z.array(
    z.strictObject({
      id: slug,
      title: sentence,
      about: sentence,
      closed: z
        .boolean()
        .default(false)
        .describe("The answers are a closed class, such as forms of a few verbs: the same ones stand in both splits."),
      items: z
        .array(
          z.strictObject({
            id: slug,
            split: z.enum(["choosing", "held-out"]),
            template: slug,
            group: slug.describe("Items that share their words: resampled together."),
            text: z
              .string()
              .regex(/^[^{}]+ \{\}[^{}]*(\{other\}[^{}]*)?$|^[^{}]+\{other\}[^{}]+ \{\}[^{}]*$/)
              .describe("Up to the word to come. {} is the cue's place; at {other} stands the other prompt's cue."),
            cues: z.tuple([z.string(), z.string()]).describe("The two words that decide what comes next."),
            answers: z
              .tuple([z.string(), z.string()])
              .describe("The right answer after each cue, with its leading space; the other one is the foil."),
          }),
        )
        .min(100),
    }),
  ),
});

export type PairPrompts = z.infer<typeof PairPrompts>;
