import type { z } from "zod";
import { Family } from "./content/family.ts";
import { Line } from "./content/line.ts";
import { ModelCard } from "./content/model-card.ts";
import { Note } from "./content/note.ts";
import { Prompts } from "./content/prompts/prompts.ts";
import { Protocol } from "./content/protocol.ts";
import { Source } from "./content/source.ts";
import { Term } from "./content/term.ts";
import { Topic } from "./content/topic.ts";
import { TrainingRecipe } from "./recipe.ts";

/**
 * The folders of `content/`: how the files of each are named and what they must hold. The site and `measure` read frontmatter
 * through these schemas, and editors show what each field is for (`editor-schemas.ts`).
 */
export const KINDS = {
  lines: { extension: "mdx", schema: Line },
  notes: { extension: "mdx", schema: Note },
  sources: { extension: "mdx", schema: Source },
  topics: { extension: "mdx", schema: Topic },
  experiments: { extension: "mdx", schema: Protocol },
  glossary: { extension: "mdx", schema: Term },
  models: { extension: "yaml", schema: ModelCard },
  families: { extension: "yaml", schema: Family },
  prompts: { extension: "yaml", schema: Prompts },
  recipes: { extension: "yaml", schema: TrainingRecipe },
} as const;

export type Kind = keyof typeof KINDS;

/** One file of `content/`. Its id is its name. */
export interface Entry<T> {
  id: string;
  data: T;
  /** What follows the frontmatter; empty for YAML. */
  body: string;
  /** Path from the project's folder. */
  file: string;
}

/** All that people wrote, each kind in order of id. */
export type Vault = { [K in Kind]: Entry<z.output<(typeof KINDS)[K]["schema"]>>[] };

/** Something in a file of content that cannot stand. */
export interface Problem {
  readonly file: string;
  /** Path inside the frontmatter (`claims.2.predictions.0.estimate`), or what of the body. */
  readonly field: string;
  readonly message: string;
  /** Line of the file, from 1, where it is known. */
  readonly line?: number;
}

/** `content/notes/why-so.mdx:12: claims.0.id: …`: an editor's terminal opens the file at that line. */
export const problemText = ({ file, field, message, line }: Problem): string =>
  `${file}${line === undefined ? "" : `:${line}`}: ${field}: ${message}`;
