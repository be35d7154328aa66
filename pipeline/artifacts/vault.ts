import type { z } from "zod";
import { Family, Line, ModelCard, Note, Prompts, Protocol, Source, Term, Topic } from "./content.ts";
import { TrainingRecipe } from "./recipe.ts";

/** The folders of `content/`: how the files of each are named and what they must hold. */
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
