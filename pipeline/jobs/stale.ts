import type { Input } from "../artifacts/schema.ts";
import { type Address, ArtifactError, readArtifact } from "../artifacts/store.ts";

/**
 * Why an artifact is no longer what its inputs would give, each reason in words (`prompts/senses changed`);
 * empty when it is fresh. A file that was edited, cut short or lost is a reason too.
 */
export function whyStale(root: string, address: Address, inputs: readonly Input[], key: string): string[] {
  try {
    const artifact = readArtifact(root, address, { everyFile: true });
    if (!artifact) return ["not measured yet"];
    if (artifact.provenance.key === key) return [];
    const changes = changedInputs(artifact.provenance.inputs, inputs);
    return changes.length > 0 ? changes : ["its key was made otherwise"];
  } catch (error) {
    if (error instanceof ArtifactError) return [error.message];
    throw error;
  }
}

/** Inputs that changed, came or went, by name. */
export function changedInputs(before: readonly Input[], after: readonly Input[]): string[] {
  const name = (input: Input) => `${input.kind}/${input.name}`;
  const old = new Map(before.map((input) => [name(input), input.hash]));
  const now = new Map(after.map((input) => [name(input), input.hash]));
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((each) => {
    if (!old.has(each)) return [`${each} added`];
    if (!now.has(each)) return [`${each} removed`];
    return old.get(each) === now.get(each) ? [] : [`${each} changed`];
  });
}

/** `logit-lens on smollm2-135m: prompts/senses changed`; a long list is cut, its length said. */
export function staleLine({ experiment, model }: Address, changes: readonly string[]): string {
  const shown = changes.slice(0, 4).join(", ");
  return `${experiment} on ${model}: ${shown}${changes.length > 4 ? `, and ${changes.length - 4} more` : ""}`;
}
