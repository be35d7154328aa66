import { z } from "zod";
import { slug } from "../schema.ts";

/** Fields that several kinds of content have, and what they are made of. */

/** A date as `YYYY-MM-DD`. YAML reads one without quotes as a Date. */
export const day = z.iso.date().or(z.date().transform((d) => d.toISOString().slice(0, 10)));

/** Text that says something: not empty, trimmed. */
export const sentence = z.string().trim().min(1);

/** An address that a link may lead to: no `javascript:`. */
export const webAddress = z.url({
  protocol: /^https?$/,
  error: "expected an address that begins with http:// or https://",
});

export const history = z
  .array(z.strictObject({ date: day.describe("When it changed."), what: sentence.describe("What changed, and why.") }))
  .default([])
  .describe("What changed since it was first published.");

export const aliases = z
  .array(slug)
  .default([])
  .describe("Names that the file had before: their addresses lead to the new one.");

export const topics = z.array(slug).min(1).describe("Topics of content/topics.");

export const version = z.int().positive().default(1).describe("Raised when what it says changes.");

export const question = sentence.describe("The question that it answers, as readers see it.");
