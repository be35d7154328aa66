import { z } from "zod";
import { aliases, sentence } from "./fields.ts";

/** What notes, lines and sources are sorted by. */
export const Topic = z.strictObject({
  title: sentence.describe("A few words."),
  question: sentence.describe("The question that its notes go round."),
  about: sentence.describe("What belongs to it."),
  aliases,
});

export type Topic = z.infer<typeof Topic>;
