import { z } from "zod";
import { aliases, day, sentence, topics, webAddress } from "./fields.ts";

/** Something that others have published. */
export const Source = z.strictObject({
  title: sentence.describe("As it was published."),
  authors: z.array(sentence).min(1).describe("Given name, then family name, each author by itself."),
  year: z.int().describe("Of publication."),
  venue: sentence.describe("Journal, conference, archive or site."),
  kind: z.enum(["article", "preprint", "post", "report", "dataset", "software", "book"]).describe("What it is."),
  url: webAddress.describe("Where it can be read."),
  doi: z.string().optional().describe("Such as 10.1162/tacl_a_00349."),
  arxiv: z.string().optional().describe("Such as 2406.19384."),
  topics,
  abstract: sentence.describe("What it does and finds, in our own words. The body may say more."),
  figures: z
    .array(
      z.strictObject({
        what: sentence.describe("What was measured."),
        value: sentence.describe("The number, with its unit."),
        locator: sentence.describe("Where it stands: table, figure, section."),
      }),
    )
    .default([])
    .describe("Published figures, each with where it stands."),
  accessed: day.describe("When it was read."),
  aliases,
});

export type Source = z.infer<typeof Source>;
