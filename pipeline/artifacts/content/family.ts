import { z } from "zod";
import { slug } from "../schema.ts";
import { sentence } from "./fields.ts";

/** Networks that experiments train for themselves, in several sizes and seeds: nothing to download, no weights kept. */
export const Family = z.strictObject({
  id: slug.describe("The file's name."),
  title: sentence.describe("What readers call it."),
  about: sentence.describe("What is trained, in a sentence or two."),
});

export type Family = z.infer<typeof Family>;
