import { sentence } from "../fields.ts";

/** What every set of prompts says of itself. */
export const promptHead = {
  title: sentence.describe("A few words."),
  about: sentence.describe("What it holds, and what for."),
  made: sentence.describe("How it was made, and by whom."),
  licence: sentence.default("MIT, with the project").describe("Of the prompts."),
};
