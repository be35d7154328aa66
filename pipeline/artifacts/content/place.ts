import { z } from "zod";
import { slug } from "../schema.ts";

/** A folder that may have a model's files, under the names that its card gives them. Tried in the order given. */
export const Place = z.discriminatedUnion("kind", [
  z
    .strictObject({ kind: z.literal("file"), folder: z.string() })
    .describe("A folder of this machine, from the repository's own."),
  z
    .strictObject({
      kind: z.literal("hub"),
      repo: z.string(),
      revision: z.string().default("main"),
      folder: z.string().default(""),
    })
    .describe("A repository of the Hugging Face hub."),
  z
    .strictObject({ kind: z.literal("pypi"), package: z.string(), version: z.string(), folder: z.string().default("") })
    .describe("A package of the Python package index."),
  z
    .strictObject({ kind: z.literal("recipe"), recipe: slug })
    .describe("Trained on this machine, by content/recipes/<recipe>.yaml: nothing is fetched."),
]);

export type Place = z.infer<typeof Place>;
