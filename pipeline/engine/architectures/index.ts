import type { Architecture } from "./architecture.ts";
import { llama } from "./llama.ts";

const architectures: Readonly<Record<string, Architecture>> = { llama };

/** The declaration of an architecture. Throws, naming those there are, when it is unknown. */
export function architectureOf(name: string): Architecture {
  const found = architectures[name];
  if (!found)
    throw new Error(`Unknown architecture "${name}". This engine has: ${Object.keys(architectures).join(", ")}.`);
  return found;
}
