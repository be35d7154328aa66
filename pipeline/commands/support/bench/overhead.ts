import { UserError } from "../errors.ts";
import { measured } from "./children.ts";
import { temporaryVault } from "./temporary-vault.ts";
import { timedCommand } from "./timed-command.ts";

/** What the experiments of a model take by themselves, and what `measure` takes for them from nothing, in seconds. */
export interface Overhead {
  readonly experiments: number;
  readonly bare_s: number;
  readonly measured_s: number;
}

/**
 * Measures a model from nothing in a vault of its own, and runs the same experiments one after the other in one process
 * that writes nothing; each the least of so many rounds, in turn.
 * Throws UserError when an experiment fails.
 */
export async function overheadOn(
  model: string,
  only: readonly string[] | undefined,
  rounds: number,
): Promise<Overhead> {
  const bare: { readonly seconds: number; readonly experiments: number }[] = [];
  const whole: number[] = [];
  for (let round = 0; round < rounds; round++) {
    bare.push(await measured("bare-child.ts", { model, only }));
    whole.push(await fromNothing(model, only));
  }
  if (bare[0]!.experiments === 0) throw new UserError(`No experiment runs on ${model}.`);
  return {
    experiments: bare[0]!.experiments,
    bare_s: Math.min(...bare.map(({ seconds }) => seconds)),
    measured_s: Math.min(...whole),
  };
}

async function fromNothing(model: string, only: readonly string[] | undefined): Promise<number> {
  const vault = temporaryVault("bench-overhead");
  try {
    vault.link("node_modules", "pipeline", "content", "public/models");
    const chosen = only ? ["--only", ...only] : [];
    return (await timedCommand(vault.root, ["measure", "--model", model, ...chosen])).seconds;
  } finally {
    vault.remove();
  }
}
