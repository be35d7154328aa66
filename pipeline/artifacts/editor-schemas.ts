import { z } from "zod";
import { KINDS, type Kind } from "./vault.ts";

/** Where the schemas of frontmatter and YAML are committed, for editors. */
export const SCHEMAS = "content/schemas";

/**
 * The JSON Schema (draft 7, which editors know best) of what people write in the files of each kind, as text, by its path from the
 * project's folder. What a schema of ours checks beyond it (one of three fields, names that exist) is for `check` to say.
 */
export function editorSchemas(): Record<string, string> {
  return Object.fromEntries(
    (Object.keys(KINDS) as Kind[]).map((kind) => [
      `${SCHEMAS}/${kind}.schema.json`,
      `${JSON.stringify(schemaOf(kind), null, 2)}\n`,
    ]),
  );
}

function schemaOf(kind: Kind): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(KINDS[kind].schema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      // YAML's own dates: a text to an editor, as those in quotes are.
      if (zodSchema._zod.def.type === "date") Object.assign(jsonSchema, { type: "string", format: "date" });
      const alternatives = jsonSchema.anyOf ?? [];
      if (alternatives.length === 2 && alternatives.every((each) => each.format === "date")) {
        delete jsonSchema.anyOf;
        Object.assign(jsonSchema, alternatives[0]);
      }
    },
  });
  return { $schema, title: `content/${kind}/*.${KINDS[kind].extension}`, ...rest };
}
