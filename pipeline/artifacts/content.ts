import { z } from "zod";
import { isWeights } from "./model-files.ts";
import { sha256, slug } from "./schema.ts";

/** Schemas of everything that people write in `content/`. The site and `measure` read frontmatter through them. */

const day = z.iso.date().or(z.date().transform((d) => d.toISOString().slice(0, 10)));
const sentence = z.string().trim().min(1);
/** An address that a link may lead to: no `javascript:`. */
const webAddress = z.url({ protocol: /^https?$/, error: "expected an address that begins with http:// or https://" });

/** One registered statement about one estimate: exactly one of `above`, `below`, `within`. */
export const Prediction = z
  .strictObject({
    id: slug,
    /** In words, for readers. */
    statement: sentence,
    experiment: slug,
    estimate: slug,
    above: z.number().optional(),
    below: z.number().optional(),
    within: z.tuple([z.number(), z.number()]).optional(),
    /** The control that the estimate must differ from; the artifact holds the paired difference. */
    beyond: slug.optional(),
    /** What the author had seen when writing it: nothing, or a trial, a paper on this model, an earlier result. */
    prior: z.enum(["blind", "informed"]),
    basis: sentence,
    registered: day,
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
    id: slug,
    /** Which of the thirty seed claims this is (A1 … B15), where it is one. */
    record: z
      .string()
      .regex(/^[AB]\d{1,2}$/)
      .optional(),
    statement: sentence,
    scope: z.strictObject({ unit: sentence, layers: sentence, models: sentence, corpus: sentence }),
    predictions: z.array(Prediction).default([]),
    /** Why no measurement could decide it. */
    untestable: sentence.optional(),
    /** Not measured yet: the experiment that is to come, and what it would take. */
    planned: z.strictObject({ experiment: slug, what: sentence }).optional(),
    /**
     * The verdict that the sentences about it were written for: that of the first subject that it applies to, which
     * readers see beside them. A model that a reader switches to has its own verdict, and no sentence of its own.
     */
    reading: z
      .enum(["supported", "contradicted", "mixed", "confounded", "inconclusive", "untested", "untestable"])
      .optional(),
    sources: z
      .array(z.strictObject({ source: slug, locator: sentence, check: CitationCheck, remark: sentence }))
      .default([]),
    /** What the model or the measurement cannot say about it. */
    limit: sentence,
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

const history = z.array(z.strictObject({ date: day, what: sentence })).default([]);

/** Names that the file had before: their addresses lead to the new one. */
const aliases = z.array(slug).default([]);

export const Note = z.strictObject({
  title: sentence,
  standfirst: sentence,
  /** Own-words summary for cards. */
  summary: sentence,
  date: day,
  version: z.int().positive().default(1),
  topics: z.array(slug).min(1),
  claims: z.array(Claim).min(1),
  /** Prompts of content/prompts that the trace explorer shows for it. */
  traces: z.array(slug).default([]),
  related: z
    .array(
      z.strictObject({
        note: slug,
        relation: z.enum(["supports", "qualifies", "contradicts", "replicates"]),
        why: sentence,
      }),
    )
    .default([]),
  /** What this model cannot say. */
  silent: z.array(sentence).min(1),
  aliases,
  history,
});

export const Line = z.strictObject({
  title: sentence,
  standfirst: z.string().startsWith("This explores"),
  date: day,
  version: z.int().positive().default(1),
  topics: z.array(slug).min(1),
  /** The ledger: `note/claim`, in the order of the essay. */
  claims: z.array(z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, "expected note/claim")).min(1),
  /** The smallest experiment that could change the answer. */
  change: z.array(z.strictObject({ what: sentence, experiment: slug.optional(), cost: sentence })).min(1),
  next: z.array(z.strictObject({ to: slug, step: z.enum(["deepens", "contrasts", "tests"]), why: sentence })).min(1),
  aliases,
  history,
});

export const Source = z.strictObject({
  title: sentence,
  authors: z.array(sentence).min(1),
  year: z.int(),
  venue: sentence,
  kind: z.enum(["article", "preprint", "post", "report", "dataset", "software", "book"]),
  url: webAddress,
  doi: z.string().optional(),
  arxiv: z.string().optional(),
  topics: z.array(slug).min(1),
  /** Own words. The body may say more. */
  abstract: sentence,
  /** Published figures, each with where it stands. */
  figures: z.array(z.strictObject({ what: sentence, value: sentence, locator: sentence })).default([]),
  accessed: day,
  aliases,
});

export const Topic = z.strictObject({ title: sentence, question: sentence, about: sentence, aliases });

export const Protocol = z.strictObject({
  title: sentence,
  question: sentence,
  /** One line: what number comes out. */
  quantity: sentence,
  data: sentence,
  controls: z.array(z.strictObject({ code: z.string(), what: sentence })).min(1),
  test: sentence,
  cost: sentence,
  limits: z.array(sentence).min(1),
  falsifier: sentence,
  /** What it measures: any model that has a card, or families of networks that it trains itself. */
  subject: z.enum(["model", "families"]).default("model"),
  /** Not run yet: only its protocol stands. */
  planned: z.boolean().default(false),
});

export const Term = z.strictObject({
  title: sentence,
  short: sentence,
  /** A prompt of content/prompts that the term can be seen on, and what of its trace is drawn. */
  trace: slug.optional(),
  shows: z.enum(["top", "kl", "entropy", "rank", "attention", "mlp", "looks"]).default("entropy"),
  see: z.array(slug).default([]),
});

/** A folder that may have a model's files, under the names that its card gives them. Tried in the order given. */
export const Place = z.discriminatedUnion("kind", [
  /** A folder of this machine, from the repository's own. */
  z.strictObject({ kind: z.literal("file"), folder: z.string() }),
  z.strictObject({
    kind: z.literal("hub"),
    repo: z.string(),
    revision: z.string().default("main"),
    folder: z.string().default(""),
  }),
  z.strictObject({ kind: z.literal("pypi"), package: z.string(), version: z.string(), folder: z.string().default("") }),
  /** Trained on this machine, by content/recipes/<recipe>.yaml: nothing is fetched. */
  z.strictObject({ kind: z.literal("recipe"), recipe: slug }),
]);

/** A file of a checkpoint. Its name is no path: nothing that a card says leads out of the model's folder. */
export const ModelFile = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.+=-]*$/, "expected the name of a file"),
  bytes: z.int().positive(),
  sha256,
});

export const ModelCard = z
  .strictObject({
    id: slug,
    title: sentence,
    about: sentence,
    architecture: z.string(),
    format: z.enum(["gguf", "safetensors"]),
    /** Everything that the model is read from: one GGUF file; or config.json, safetensors, tokenizer.json, … */
    files: z.array(ModelFile).min(1),
    licence: sentence,
    licenceUrl: webAddress,
    source: slug.optional(),
    places: z.array(Place).min(1),
    shape: z.strictObject({
      blocks: z.int().positive(),
      dModel: z.int().positive(),
      heads: z.int().positive(),
      keyValueHeads: z.int().positive(),
      dMlp: z.int().positive(),
      vocabulary: z.int().positive(),
      parameters: z.int().positive(),
    }),
    /** Shown first where a reader has not chosen. Exactly one card has it. */
    default: z.boolean().default(false),
    /** Its files are served with the site, under /models/<id>/, and readers run it in their browser. At most one card has it. */
    embedded: z.boolean().optional(),
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
export const Family = z.strictObject({ id: slug, title: sentence, about: sentence });

const promptHead = {
  title: sentence,
  about: sentence,
  /** How it was made, and by whom. */
  made: sentence,
  licence: sentence.default("MIT, with the project"),
};

/** Labelled senses. In each text the target stands once, after its cue. */
export const SensesPrompts = z.strictObject({
  kind: z.literal("senses"),
  ...promptHead,
  lemmas: z
    .array(
      z.strictObject({
        lemma: z.string(),
        /** The surface form that stands in every text. */
        form: z.string(),
        senses: z
          .array(
            z.strictObject({
              id: slug,
              gloss: sentence,
              /** WordNet lexicographer class, e.g. noun.artifact. */
              supersense: z.string(),
              /** `cue` is the content word, left of the target, that tells the sense. */
              sentences: z.array(z.strictObject({ text: sentence, cue: z.string() })).min(40),
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
      /** The answers are a closed class, such as forms of a few verbs: the same ones stand in both splits. */
      closed: z.boolean().default(false),
      items: z
        .array(
          z.strictObject({
            id: slug,
            split: z.enum(["choosing", "held-out"]),
            template: slug,
            /** Items that share their words: resampled together. */
            group: slug,
            /** Up to the word to come. `{}` is the cue's place; at `{other}` stands the other prompt's cue. */
            text: z.string().regex(/^[^{}]+ \{\}[^{}]*(\{other\}[^{}]*)?$|^[^{}]+\{other\}[^{}]+ \{\}[^{}]*$/),
            cues: z.tuple([z.string(), z.string()]),
            /** The right answer after each cue, with its leading space; the other one is the foil. */
            answers: z.tuple([z.string(), z.string()]),
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
        /** The tag that all three have in Brown. */
        tag: z.string().regex(/^[A-Z]+$/),
        word: z.string(),
        /** Stands in like contexts. */
        near: z.string(),
        /** Does not. */
        far: z.string(),
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
        /** A noun of the set of senses, and its two senses there, in their order. */
        lemma: z.string(),
        senses: z.tuple([slug, slug]),
        /** From the beginning to the noun; `{}` is the cue's place. */
        opening: z.string().regex(/^[^{}]*\{\}[^{}]+$/),
        /** By sense: the cue, what goes on from the noun, and the word that follows, with its leading space. */
        cues: z.tuple([z.string(), z.string()]),
        turns: z.tuple([z.string(), z.string()]),
        words: z.tuple([z.string(), z.string()]),
      }),
    )
    .min(30),
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
export type TracePrompts = z.infer<typeof TracePrompts>;
export type Prompts = z.infer<typeof Prompts>;
