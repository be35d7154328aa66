import { z } from "zod";
import { isWeights } from "../model-files.ts";
import { sha256, slug } from "../schema.ts";
import { sentence, webAddress } from "./fields.ts";
import { Place } from "./place.ts";

/** A file of a checkpoint. Its name is no path: nothing that a card says leads out of the model's folder. */
export const ModelFile = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_.+=-]*$/, "expected the name of a file")
    .describe("Its name, without a folder."),
  bytes: z.int().positive().describe("Its size."),
  sha256: sha256.describe("SHA-256 of its bytes."),
});

export type ModelFile = z.infer<typeof ModelFile>;

/** A checkpoint that is measured, and where its files come from. */
export const ModelCard = z
  .strictObject({
    id: slug.describe("The file's name."),
    title: sentence.describe("What readers call it."),
    about: sentence.describe("What it is, in a sentence or two."),
    architecture: z.string().describe("A family of pipeline/engine/architectures: llama, gpt2, …"),
    format: z.enum(["gguf", "safetensors"]).describe("Of its weights."),
    files: z
      .array(ModelFile)
      .min(1)
      .describe("Everything that it is read from: one GGUF file; or config.json, safetensors, tokenizer.json, …"),
    licence: sentence.describe("Of the weights."),
    licenceUrl: webAddress.describe("The licence's text."),
    source: slug.optional().describe("The source of content/sources that describes it."),
    places: z.array(Place).min(1).describe("Folders that may have its files, tried in the order given."),
    shape: z
      .strictObject({
        blocks: z.int().positive(),
        dModel: z.int().positive(),
        heads: z.int().positive(),
        keyValueHeads: z.int().positive(),
        dMlp: z.int().positive(),
        vocabulary: z.int().positive(),
        parameters: z.int().positive(),
      })
      .describe("The network, as its configuration has it."),
    default: z.boolean().default(false).describe("Shown first where a reader has not chosen. Exactly one card has it."),
    embedded: z
      .boolean()
      .optional()
      .describe(
        "Its files are served with the site, under /models/<id>/, and readers run it in their browser. At most one card has it.",
      ),
  })
  .superRefine(({ format, files }, context) => {
    const fail = (message: string) => context.addIssue({ code: "custom", path: ["files"], message });
    const names = files.map(({ name }) => name);
    if (new Set(names).size < names.length) fail("expected each name once");
    if (format === "gguf" && !(names.length === 1 && names[0]!.endsWith(".gguf"))) fail("expected one .gguf file");
    if (format === "safetensors" && !(names.includes("config.json") && names.some(isWeights)))
      fail("expected config.json and .safetensors files");
  });

export type ModelCard = z.infer<typeof ModelCard>;
