import { z } from "zod";
import { slug } from "../../schema.ts";
import { sentence } from "../fields.ts";
import { promptHead } from "./prompt-head.ts";

/** Prompts with a right and a wrong next token. */
export const TaskPrompts = z.strictObject({
  kind: z.literal("tasks"),
  ...promptHead,
  tasks: z.array(
    z.strictObject({
      id: slug,
      title: sentence,
      about: sentence,
      items: z.array(z.strictObject({ id: slug, prompt: z.string(), answer: z.string(), foil: z.string() })).min(8),
    }),
  ),
});

export type TaskPrompts = z.infer<typeof TaskPrompts>;
