import { z } from "zod";
import { isWeights } from "./model-files.ts";
import { sha256, slug } from "./schema.ts";

/**
 * Schemas of everything that people write in `content/`. The site and `measure` read frontmatter through them, and editors
 * show what each field is for (`editor-schemas.ts`).
 */

const day = z.iso.date().or(z.date().transform((d) => d.toISOString().slice(0, 10)));
const sentence = z.string().trim().min(1);
/** An address that a link may lead to: no `javascript:`. */
const webAddress = z.url({ protocol: /^https?$/, error: "expected an address that begins with http:// or https://" });

/** One registered statement about one estimate: exactly one of `above`, `below`, `within`. */
export const Prediction = z
  .strictObject({
    id: slug.describe("Its name within the claim."),
    statement: sentence.describe("The prediction in words, for readers."),
    experiment: slug.describe("The experiment of content/experiments that gives the estimate."),
    estimate: slug.describe("Which of the experiment's estimates it is about."),
    above: z
      .number()
      .optional()
      .describe("The estimate's interval must lie above this. Exactly one of above, below, within."),
    below: z
      .number()
      .optional()
      .describe("The estimate's interval must lie below this. Exactly one of above, below, within."),
    within: z
      .tuple([z.number(), z.number()])
      .optional()
      .describe("The estimate's interval must lie between these two. Exactly one of above, below, within."),
    beyond: slug
      .optional()
      .describe("The control that the estimate must differ from; the artifact holds the paired difference."),
    prior: z
      .enum(["blind", "informed"])
      .describe("blind: nothing had been seen. informed: a trial, a paper on this model or an earlier result had."),
    basis: sentence.describe("What the prediction rests on."),
    registered: day.describe("The day it was committed: before the run, or the page says post hoc."),
  })
  .superRefine((p, context) => {
    const given = [p.above, p.below, p.within].filter((range) => range !== undefined).length;
    if (given !== 1)
      context.addIssue({ code: "custom", message: `expected exactly one of above, below, within; found ${given}` });
  });

/** How far a source carries a claim. */
export const CitationCheck = z.enum(["states", "weaker", "other-object", "absent"]);

export const Claim = z
  .strictObject({
    id: slug.describe(
      "Its name within the note: an anchor on the page, and what <Claim of> and a line's ledger call it by.",
    ),
    record: z
      .string()
      .regex(/^[AB]\d{1,2}$/)
      .optional()
      .describe("Which of the thirty seed claims this is (A1 … B15), where it is one."),
    statement: sentence.describe("What is claimed, in one sentence."),
    scope: z
      .strictObject({
        unit: sentence.describe("Of what: token, neuron, head, …"),
        layers: sentence.describe("In which layers."),
        models: sentence.describe("Of which models."),
        corpus: sentence.describe("On which text."),
      })
      .describe("What the claim is about, and no more."),
    predictions: z
      .array(Prediction)
      .default([])
      .describe("What must come out if the claim holds, registered before the run. Or `planned`, or `untestable`."),
    untestable: sentence.optional().describe("Why no measurement could decide it."),
    planned: z
      .strictObject({
        experiment: slug.describe("The experiment of content/experiments that is to come."),
        what: sentence.describe("What it would take."),
      })
      .optional()
      .describe("Not measured yet: the experiment that is to come."),
    // A model that a reader switches to has its own verdict, and no sentence of its own.
    reading: z
      .enum(["supported", "contradicted", "mixed", "confounded", "inconclusive", "untested", "untestable"])
      .optional()
      .describe(
        "The verdict that the sentences about it were written for, on the first subject that it applies to. check tells when it turns.",
      ),
    sources: z
      .array(
        z.strictObject({
          source: slug.describe("A source of content/sources."),
          locator: sentence.describe("Where in it: section, figure, page."),
          check: CitationCheck.describe(
            "Does the source state it, state something weaker, speak of another object, or not at all?",
          ),
          remark: sentence.describe("What it says there, in our own words."),
        }),
      )
      .default([])
      .describe("What others have published about it."),
    limit: sentence.describe("What the model or the measurement cannot say about it."),
  })
  .superRefine((claim, context) => {
    const ways = [claim.predictions.length > 0, claim.untestable !== undefined, claim.planned !== undefined];
    if (!ways.some(Boolean))
      context.addIssue({
        code: "custom",
        message: "expected predictions, or `planned`, or `untestable` with its reason",
      });
    if (claim.untestable !== undefined && (ways[0] || ways[2]))
      context.addIssue({
        code: "custom",
        path: ["untestable"],
        message: "an untestable claim has no prediction or plan",
      });
  });

const history = z
  .array(z.strictObject({ date: day.describe("When it changed."), what: sentence.describe("What changed, and why.") }))
  .default([])
  .describe("What changed since it was first published.");

const aliases = z
  .array(slug)
  .default([])
  .describe("Names that the file had before: their addresses lead to the new one.");

const topics = z.array(slug).min(1).describe("Topics of content/topics.");
const version = z.int().positive().default(1).describe("Raised when what it says changes.");
const question = sentence.describe("The question that it answers, as readers see it.");

export const Note = z.strictObject({
  title: question,
  standfirst: sentence.describe("What was found, in one or two sentences."),
  summary: sentence.describe("What cards say of it, in our own words."),
  date: day.describe("When it was first published."),
  version,
  topics,
  claims: z.array(Claim).min(1).describe("What it claims, each with what would decide it."),
  traces: z.array(slug).default([]).describe("Prompts of content/prompts that the trace explorer shows for it."),
  related: z
    .array(
      z.strictObject({
        note: slug.describe("A note of content/notes."),
        relation: z
          .enum(["supports", "qualifies", "contradicts", "replicates"])
          .describe("What this note does to the other."),
        why: sentence.describe("In what way."),
      }),
    )
    .default([])
    .describe("Notes that bear on it."),
  silent: z.array(sentence).min(1).describe("What this model cannot say."),
  aliases,
  history,
});

export const Line = z.strictObject({
  title: question,
  standfirst: z.string().startsWith("This explores").describe("One or two sentences that begin: This explores"),
  date: day.describe("When it was first published."),
  version,
  topics,
  claims: z
    .array(z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, "expected note/claim"))
    .min(1)
    .describe("The ledger: note/claim, in the order of the essay."),
  change: z
    .array(
      z.strictObject({
        what: sentence.describe("What would be measured."),
        experiment: slug.optional().describe("Its protocol of content/experiments, where there is one."),
        cost: sentence.describe("What it would take."),
      }),
    )
    .min(1)
    .describe("The smallest experiment that could change the answer."),
  next: z
    .array(
      z.strictObject({
        to: slug.describe("A line of content/lines."),
        step: z.enum(["deepens", "contrasts", "tests"]).describe("What the step does."),
        why: sentence.describe("Why to go there next."),
      }),
    )
    .min(1)
    .describe("Lines to read next."),
  aliases,
  history,
});

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

export const Topic = z.strictObject({
  title: sentence.describe("A few words."),
  question: sentence.describe("The question that its notes go round."),
  about: sentence.describe("What belongs to it."),
  aliases,
});

export const Protocol = z.strictObject({
  title: sentence.describe("A few words."),
  question: sentence.describe("Which question it answers."),
  quantity: sentence.describe("One line: what number comes out."),
  data: sentence.describe("On which text."),
  controls: z
    .array(
      z.strictObject({
        code: z.string().describe("A short name, as on charts: RW for random weights."),
        what: sentence.describe("What is done, and what it rules out."),
      }),
    )
    .min(1)
    .describe("What the number is told from, on the same axes."),
  test: sentence.describe("How the number gets its interval."),
  cost: sentence.describe("How long it takes, on which machine."),
  limits: z.array(sentence).min(1).describe("What it cannot show."),
  falsifier: sentence.describe("What would have to come out for the claim to be wrong."),
  subject: z
    .enum(["model", "families"])
    .default("model")
    .describe("What it measures: any model that has a card, or families of networks that it trains itself."),
  planned: z.boolean().default(false).describe("Not run yet: only its protocol stands."),
});

export const Term = z.strictObject({
  title: sentence.describe("The term."),
  short: sentence.describe("What it means, in a sentence."),
  trace: slug.optional().describe("A prompt of content/prompts that the term can be seen on."),
  shows: z
    .enum(["top", "kl", "entropy", "rank", "attention", "mlp", "looks"])
    .default("entropy")
    .describe("What of that trace is drawn."),
  see: z.array(slug).default([]).describe("Other terms of the glossary."),
});

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

/** A file of a checkpoint. Its name is no path: nothing that a card says leads out of the model's folder. */
export const ModelFile = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_.+=-]*$/, "expected the name of a file")
    .describe("Its name, without a folder."),
  bytes: z.int().positive().describe("Its size."),
  sha256: sha256.describe("SHA-256 of its bytes."),
});

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

/** Networks that experiments train for themselves, in several sizes and seeds: nothing to download, no weights kept. */
export const Family = z.strictObject({
  id: slug.describe("The file's name."),
  title: sentence.describe("What readers call it."),
  about: sentence.describe("What is trained, in a sentence or two."),
});

const promptHead = {
  title: sentence.describe("A few words."),
  about: sentence.describe("What it holds, and what for."),
  made: sentence.describe("How it was made, and by whom."),
  licence: sentence.default("MIT, with the project").describe("Of the prompts."),
};

/** Labelled senses. In each text the target stands once, after its cue. */
export const SensesPrompts = z.strictObject({
  kind: z.literal("senses"),
  ...promptHead,
  lemmas: z
    .array(
      z.strictObject({
        lemma: z.string(),
        form: z.string().describe("The surface form that stands in every text."),
        senses: z
          .array(
            z.strictObject({
              id: slug,
              gloss: sentence,
              supersense: z.string().describe("WordNet lexicographer class, such as noun.artifact."),
              sentences: z
                .array(
                  z.strictObject({
                    text: sentence.describe("A sentence with the target in this sense, once."),
                    cue: z.string().describe("The content word, left of the target, that tells the sense."),
                  }),
                )
                .min(40),
            }),
          )
          .min(2),
      }),
    )
    .min(12),
});

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

/** Words with one of like and one of unlike company, matched in all else. */
export const TriplesPrompts = z.strictObject({
  kind: z.literal("triples"),
  ...promptHead,
  triples: z
    .array(
      z.strictObject({
        tag: z
          .string()
          .regex(/^[A-Z]+$/)
          .describe("The tag that all three have in Brown."),
        word: z.string().describe("The word that the two others are held against."),
        near: z.string().describe("Stands in like contexts."),
        far: z.string().describe("Stands in unlike contexts."),
      }),
    )
    .min(40),
});

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

/** Prompts for the trace explorer. */
export const TracePrompts = z.strictObject({
  kind: z.literal("traces"),
  ...promptHead,
  prompts: z
    .array(z.strictObject({ id: slug, text: z.string().min(1), about: sentence, pair: slug.optional() }))
    .min(12),
});

export const Prompts = z.discriminatedUnion("kind", [
  SensesPrompts,
  TaskPrompts,
  PairPrompts,
  TriplesPrompts,
  GardenPathPrompts,
  LadderPrompts,
  TracePrompts,
]);

export type Prediction = z.infer<typeof Prediction>;
export type CitationCheck = z.infer<typeof CitationCheck>;
export type Claim = z.infer<typeof Claim>;
export type Note = z.infer<typeof Note>;
export type Line = z.infer<typeof Line>;
export type Source = z.infer<typeof Source>;
export type Topic = z.infer<typeof Topic>;
export type Protocol = z.infer<typeof Protocol>;
export type Term = z.infer<typeof Term>;
export type Place = z.infer<typeof Place>;
export type ModelFile = z.infer<typeof ModelFile>;
export type ModelCard = z.infer<typeof ModelCard>;
export type Family = z.infer<typeof Family>;
export type SensesPrompts = z.infer<typeof SensesPrompts>;
export type TaskPrompts = z.infer<typeof TaskPrompts>;
export type PairPrompts = z.infer<typeof PairPrompts>;
export type TriplesPrompts = z.infer<typeof TriplesPrompts>;
export type GardenPathPrompts = z.infer<typeof GardenPathPrompts>;
export type LadderPrompts = z.infer<typeof LadderPrompts>;
export type TracePrompts = z.infer<typeof TracePrompts>;
export type Prompts = z.infer<typeof Prompts>;
