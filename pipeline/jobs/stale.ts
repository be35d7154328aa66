import type { Input } from "../artifacts/schema.ts";
import { type Address, ArtifactError, folderOf, readStanding } from "../artifacts/store.ts";
import { isUnchanged, keyOf } from "./key.ts";

/** How an artifact stands to what its inputs would give. */
export interface Standing {
  /** Why it is to be computed, each reason in words (`prompts/senses changed`); empty when it is fresh. */
  readonly changes: readonly string[];
  /** It is there, but edited, cut short or in parts: somebody must say that it may be replaced. */
  readonly damaged: boolean;
  /** Fresh, by a key that covered more than it covers now, or without a seal: its provenance may be written anew, with nothing computed. */
  readonly wider: boolean;
}

/** How the artifact at an address stands; every file of it is hashed. */
export function standingOf(root: string, address: Address, inputs: readonly Input[], key: string): Standing {
  return standing(() => {
    const provenance = readStanding(root, address);
    if (!provenance) return { changes: ["not measured yet"] };
    const { key: recorded, inputs: before, sha256 } = provenance;
    if (recorded !== keyOf(address.experiment, address.model, before))
      throw new ArtifactError(
        `${folderOf(address)}/provenance.json: its key is not that of its inputs: it was edited. Restore it from git, or measure it again.`,
      );
    const changes = recorded === key ? [] : changedInputs(root, before, inputs);
    return { changes, wider: changes.length === 0 && (recorded !== key || sha256 === undefined) };
  });
}

/** What was found, or that it is damaged. */
export function standing(look: () => Partial<Standing> & Pick<Standing, "changes">): Standing {
  try {
    return { damaged: false, wider: false, ...look() };
  } catch (error) {
    if (error instanceof ArtifactError) return { changes: [error.message], damaged: true, wider: false };
    throw error;
  }
}

/** Kinds of which a thing less is a change of its own: what is no longer imported or read shows in the code that did so. */
const MISSED = new Set<Input["kind"]>(["parameters", "weights", "tokenizer", "seed", "shard"]);

/**
 * Inputs of now that were not recorded, or otherwise, by name; and of those recorded, parameters, files of a checkpoint
 * and shards that are gone. A source file, prompt set or corpus that is recorded and no longer asked for is no reason by
 * itself: a key that covers less than it did makes nothing stale.
 */
export function changedInputs(root: string, before: readonly Input[], now: readonly Input[]): string[] {
  const name = (input: Input) => `${input.kind}/${input.name}`;
  const recorded = new Map(before.map((input) => [name(input), input]));
  const wanted = new Set(now.map(name));
  const changes = now.flatMap((input) => {
    const old = recorded.get(name(input));
    if (!old) return [`${name(input)} added`];
    return isUnchanged(root, old, input) ? [] : [`${name(input)} changed`];
  });
  const gone = before.filter((input) => MISSED.has(input.kind) && !wanted.has(name(input)));
  return [...changes, ...gone.map((input) => `${name(input)} removed`)].sort();
}

/** `logit-lens on smollm2-135m: prompts/senses changed`; a long list is cut, its length said. */
export function staleLine({ experiment, model }: Address, changes: readonly string[]): string {
  const shown = changes.slice(0, 4).join(", ");
  return `${experiment} on ${model}: ${shown}${changes.length > 4 ? `, and ${changes.length - 4} more` : ""}`;
}
