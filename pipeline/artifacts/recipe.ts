import { z } from "zod";
import { slug } from "./schema.ts";

/** Schema of `content/recipes/<id>.yaml`: how a little language model of ours is trained, from text to weights. */

/** What a training's artifact stands under, beside those of experiments: `public/artifacts/<model>/training/`. */
export const TRAINING = "training";

const sentence = z.string().trim().min(1);
const count = z.int().positive();
const share = z.number().min(0).lt(1);

/** What a package ships, and may be used for training under its licence. */
export const RecipeText = z.strictObject({
  package: z.string().min(1).describe("The package that ships the text; pipeline/corpora/texts.ts reads it."),
  version: z.string().min(1).describe("The package's version."),
  licence: sentence.describe("Of the text."),
  times: count.default(1).describe("How often it is read in one pass over all texts."),
});

export const TrainingRecipe = z
  .strictObject({
    id: slug.describe("Of the model that comes out."),
    title: sentence.describe("What readers call the model."),
    about: sentence.describe("What it is, in a sentence or two."),
    seed: z.int().describe("Of the starting weights, the batches and the dropout."),
    texts: z
      .array(RecipeText)
      .min(1)
      .describe("The first one's texts are shared out among training, validation and test; the others only train."),
    vocabulary: z
      .int()
      .min(257)
      .max(65_536)
      .describe("Tokens of the tokenizer, which is trained on the training texts: separator, bytes and merges."),
    shape: z
      .strictObject({
        blocks: count,
        dModel: count,
        heads: count,
        keyValueHeads: count,
        dMlp: count,
        context: count.describe("Tokens that a window has in training."),
      })
      .describe("The network."),
    steps: count.describe("Batches in all."),
    sequences: count.describe("Windows in a batch."),
    learningRate: z
      .strictObject({ peak: z.number().positive(), warmup: z.int().nonnegative() })
      .describe("It rises to its peak over so many steps, and falls from there."),
    dropout: share.describe("Of embeddings and of what each sublayer writes."),
    weightDecay: z.number().nonnegative().describe("Of AdamW."),
    clip: z.number().positive().describe("The whole gradient's norm is scaled down to this."),
    validateEvery: count.describe("Steps from one validation to the next."),
    checkpointEvery: count.describe("Steps from one checkpoint to the next."),
    embedded: z
      .boolean()
      .default(false)
      .describe("The model that the site can measure from nothing: its weights are committed, in public/models."),
  })
  .superRefine(({ shape, texts }, context) => {
    const fail = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: ["shape", path], message });
    const { dModel, heads, keyValueHeads } = shape;
    if (dModel % (2 * heads) !== 0) fail("heads", `expected heads of an even width in dModel ${dModel}`);
    if (heads % keyValueHeads !== 0) fail("keyValueHeads", `expected a divisor of ${heads} heads`);
    const packages = texts.map((text) => text.package);
    if (new Set(packages).size < packages.length)
      context.addIssue({ code: "custom", path: ["texts"], message: "expected each package once (`times` repeats it)" });
  });

export type RecipeText = z.infer<typeof RecipeText>;
export type TrainingRecipe = z.infer<typeof TrainingRecipe>;
