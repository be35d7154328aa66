import { z } from "zod";
import { hintFor } from "./nearest.ts";

/** A JSON Schema, as far as it is walked here. */
interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly prefixItems?: readonly Shape[];
}

const shapes = new WeakMap<z.ZodType, Shape>();

/** What an author may have meant, where a key or a word was misspelt: `; did you mean "standfirst"?`, or nothing. */
export function hintOf(issue: z.core.$ZodIssue, schema: z.ZodType, input: unknown): string {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => hintFor(key, keysAt(schema, issue.path))).find((hint) => hint !== "") ?? "";
  if (issue.code === "invalid_value") {
    const found = issue.path.reduce((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
    return typeof found === "string" ? hintFor(found, issue.values.map(String)) : "";
  }
  return "";
}

/** Names of the fields that an object at this place may have. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const shape = shapes.get(schema) ?? (z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Shape);
  shapes.set(schema, shape);
  let at: Shape[] = [shape];
  for (const part of path)
    at = at.flatMap(alternatives).flatMap((each) => {
      const next =
        typeof part === "number" ? (each.prefixItems?.[part] ?? each.items) : each.properties?.[String(part)];
      return next ? [next] : [];
    });
  return at.flatMap(alternatives).flatMap(({ properties = {} }) => Object.keys(properties));
}

const alternatives = (shape: Shape): Shape[] => [shape, ...(shape.anyOf ?? []), ...(shape.oneOf ?? [])];
