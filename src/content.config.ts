import { defineCollection } from "astro:content";
import {
  Family,
  Line,
  ModelCard,
  Note,
  Prompts,
  Protocol,
  Source,
  Term,
  Topic,
} from "../pipeline/artifacts/content.ts";

/** Nothing is loaded: pages read facts (`facts/site.ts`). Editors get their help with frontmatter from these schemas. */
const loader = () => [];

export const collections = {
  lines: defineCollection({ loader, schema: Line }),
  notes: defineCollection({ loader, schema: Note }),
  sources: defineCollection({ loader, schema: Source }),
  topics: defineCollection({ loader, schema: Topic }),
  experiments: defineCollection({ loader, schema: Protocol }),
  glossary: defineCollection({ loader, schema: Term }),
  models: defineCollection({ loader, schema: ModelCard }),
  families: defineCollection({ loader, schema: Family }),
  prompts: defineCollection({ loader, schema: Prompts }),
};
