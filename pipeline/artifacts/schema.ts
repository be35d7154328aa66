import { z } from "zod";

/**
 * What a measurement leaves behind: the files of `public/artifacts/<model>/<experiment>/`.
 * The pipeline writes them, the site reads them, both through these schemas.
 */

/** Raised when the shape of an artifact changes; part of every key. */
export const SCHEMA_VERSION = 1;

export const slug = z.string().regex(/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/, "expected lower-case words joined by hyphens");
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "expected a SHA-256 in hexadecimal");

const cell = z.union([z.number(), z.string(), z.boolean(), z.null()]);

export const Column = z.strictObject({
  name: z.string().min(1),
  type: z.enum(["number", "integer", "string", "boolean"]),
  /** `nats`, `share`, `tokens`, … ; empty for names and codes. */
  unit: z.string(),
  about: z.string(),
});

/** A rectangular table; `rows[i][j]` belongs to `columns[j]`. */
export const Table = z
  .strictObject({ title: z.string(), columns: z.array(Column).min(1), rows: z.array(z.array(cell)) })
  .superRefine((table, context) => {
    for (const [i, row] of table.rows.entries()) {
      if (row.length !== table.columns.length)
        context.addIssue({
          code: "custom",
          path: ["rows", i],
          message: `expected ${table.columns.length} cells, found ${row.length}`,
        });
    }
  });

/**
 * One number with its uncertainty. `control` names the estimate that it must be told from (same file);
 * `difference` names the estimate of the paired difference `this − control`, resampled jointly.
 */
export const Estimate = z.strictObject({
  id: slug,
  label: z.string().min(1),
  value: z.number(),
  lo: z.number(),
  hi: z.number(),
  /** Coverage of [lo, hi], 0.95 as a rule. */
  level: z.number().gt(0).lt(1),
  /** Number of independent units resampled. */
  n: z.int().nonnegative(),
  /** What the independent unit is: document, item, lemma, … */
  per: z.string().min(1),
  unit: z.string(),
  method: z.string().min(1),
  control: slug.optional(),
  difference: slug.optional(),
  /** Largest absolute change that a recomputation elsewhere may show. */
  tolerance: z.number().positive(),
});

export const Result = z
  .strictObject({
    schema: z.literal(SCHEMA_VERSION),
    experiment: slug,
    model: slug,
    tables: z.record(z.string(), Table),
    estimates: z.array(Estimate),
  })
  .superRefine((result, context) => {
    const ids = new Set<string>();
    for (const [i, estimate] of result.estimates.entries()) {
      if (ids.has(estimate.id))
        context.addIssue({ code: "custom", path: ["estimates", i, "id"], message: `"${estimate.id}" is given twice` });
      ids.add(estimate.id);
    }
    for (const [i, estimate] of result.estimates.entries())
      for (const field of ["control", "difference"] as const) {
        const other = estimate[field];
        if (other !== undefined && !ids.has(other))
          context.addIssue({
            code: "custom",
            path: ["estimates", i, field],
            message: `no estimate "${other}" in this file`,
          });
      }
  });

/** One thing a result depends on: `kind:name` is what `measure --check` prints when it changed. */
export const Input = z.strictObject({
  kind: z.enum(["weights", "tokenizer", "prompts", "corpus", "code", "parameters", "seed", "schema", "shard"]),
  name: z.string(),
  hash: sha256,
});

/** What a result was computed by and on; recorded, never in a key. */
export const Environment = z.strictObject({
  node: z.string(),
  runtime: z.string(),
  device: z.string(),
  cpu: z.string(),
  threads: z.int().positive(),
  /** The most memory that its process held; where a process had this alone to do. */
  peakMiB: z.int().positive().optional(),
});

export const Provenance = z.strictObject({
  schema: z.literal(SCHEMA_VERSION),
  experiment: slug,
  model: slug,
  key: sha256,
  inputs: z.array(Input),
  /** SHA-256 of every other file of the folder, by name: a hand-edited or half-written artifact is found by it. */
  files: z.record(z.string(), sha256),
  /** Hash of each prediction that stood when this was computed, by `note/claim/prediction`. */
  predictions: z.record(z.string(), sha256),
  /** What is recorded but not in the key. */
  environment: Environment,
  started: z.iso.datetime(),
  /** What the experiment itself took; where it has shards, gathering them. */
  seconds: z.number().nonnegative(),
  /** What its shards took together, where it has any and they were written before this. */
  shardSeconds: z.number().nonnegative().optional(),
  /** Of all that stands here besides; older artifacts have none. */
  sha256: sha256.optional(),
});

/**
 * One prompt read at every depth, for the trace explorer: `traces/<id>.json` beside the result of experiment `traces`.
 * Depth 0 is the embedding, depth k the residual stream after block k − 1. Arrays are [depth][token] unless said otherwise.
 */
export const Trace = z.strictObject({
  schema: z.literal(SCHEMA_VERSION),
  id: slug,
  model: slug,
  prompt: z.string(),
  ids: z.array(z.int()),
  /** Text of each token as the model has it, leading space and all. */
  tokens: z.array(z.string()),
  /** The next token of the text after each token, null at the last. */
  next: z.array(z.int().nullable()),
  /** Text of every token id that `top` or `next` name. */
  vocabulary: z.record(z.string(), z.string()),
  /** [depth][token][k] → [token id, probability], most probable first. */
  top: z.array(z.array(z.array(z.tuple([z.int(), z.number()])))),
  /** KL of the final distribution from the one read at this depth, nats. */
  kl: z.array(z.array(z.number())),
  /** nats */
  entropy: z.array(z.array(z.number())),
  /** Rank (0 is first) of the next token of the text; null at the last token. */
  rank: z.array(z.array(z.int().nullable())),
  /** ‖write‖ / ‖residual before it‖ of each block's sublayers: [block][token]. */
  writes: z.strictObject({ attention: z.array(z.array(z.number())), mlp: z.array(z.array(z.number())) }),
  /** Attention patterns in 1/255ths, base64 of bytes [block][head][query][key ≤ query]: no query sees a later key, and none is kept. */
  attention: z.strictObject({ heads: z.int().positive(), pattern: z.string() }),
});

export type Column = z.infer<typeof Column>;
export type Table = z.infer<typeof Table>;
export type Estimate = z.infer<typeof Estimate>;
export type Result = z.infer<typeof Result>;
export type Input = z.infer<typeof Input>;
export type Environment = z.infer<typeof Environment>;
export type Provenance = z.infer<typeof Provenance>;
export type Trace = z.infer<typeof Trace>;
