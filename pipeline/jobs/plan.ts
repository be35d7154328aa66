import type { ModelCard } from "../artifacts/content/model-card.ts";
import type { Note } from "../artifacts/content/note.ts";
import type { Prompts } from "../artifacts/content/prompts/prompts.ts";
import { readContent } from "../artifacts/content-files.ts";
import { TRAINING } from "../artifacts/recipe.ts";
import type { Input } from "../artifacts/schema.ts";
import { type Address, listArtifacts } from "../artifacts/store.ts";
import type { Entry } from "../artifacts/vault.ts";
import type { Experiment } from "../experiments/experiment.ts";
import { experimentIds, loadExperiment } from "./discover.ts";
import { inputsOf, keyOf } from "./key.ts";
import { type ShardJob, shardsOf } from "./shard-plan.ts";
import { type Standing, standingOf } from "./stale.ts";

/** One experiment on one model, or on families that it trains itself. */
export interface Job extends Address, Standing {
  readonly code: Experiment;
  /** None where the subject is families. */
  readonly card: ModelCard | undefined;
  /** Its pieces, which are computed first. */
  readonly shards: readonly ShardJob[];
  readonly inputs: readonly Input[];
  readonly key: string;
}

export interface Plan {
  readonly jobs: readonly Job[];
  /** Experiments whose code cannot be loaded, or whose inputs aren't there: no key can be made. */
  readonly broken: readonly { readonly experiment: string; readonly error: Error }[];
  readonly notes: readonly Entry<Note>[];
  readonly prompts: ReadonlyMap<string, Prompts>;
  /** Artifacts whose model or experiment is gone. They stay. */
  readonly orphans: readonly Address[];
}

export interface Choice {
  /** Models by id; all that have a card without it. */
  readonly models?: readonly string[];
  /** Experiments by id; all that have code without it. */
  readonly experiments?: readonly string[];
}

/** Raised when a model or an experiment is named that isn't there. */
export class UnknownNameError extends Error {
  override readonly name = "UnknownNameError";
  readonly exitCode = 2;
}

/** Every job there could be, with what is stale about it. Needs no weights: their hash is on the card. */
export async function makePlan(root: string, choice: Choice = {}): Promise<Plan> {
  const content = readContent(root, ["notes", "prompts", "models", "families"]);
  const prompts = new Map(content.prompts.map(({ id, data }) => [id, data]));
  const cards = new Map(content.models.map(({ data }) => [data.id, data]));
  const ids = experimentIds(root);
  const families = content.families.map(({ data }) => data.id);
  const subjects = [...cards.keys(), ...families];
  const models = chosen(choice.models, subjects, "model", "content/models/");
  const jobs: Job[] = [];
  const broken: Plan["broken"][number][] = [];
  for (const experiment of chosen(choice.experiments, ids, "experiment", "pipeline/experiments/"))
    try {
      const code = await loadExperiment(root, experiment);
      const ofFamilies = code.subject === "families";
      for (const model of models)
        if (families.includes(model) === ofFamilies) jobs.push(jobOf(root, code, model, cards.get(model), prompts));
    } catch (error) {
      broken.push({ experiment, error: error as Error });
    }
  jobs.sort((a, b) => models.indexOf(a.model) - models.indexOf(b.model));
  const orphans = listArtifacts(root).filter(
    // A training is no experiment that is measured; `train --check` says how it stands.
    ({ model, experiment }) => !subjects.includes(model) || (!ids.includes(experiment) && experiment !== TRAINING),
  );
  return { jobs, broken, notes: content.notes, prompts, orphans };
}

function jobOf(
  root: string,
  code: Experiment,
  model: string,
  card: ModelCard | undefined,
  prompts: Plan["prompts"],
): Job {
  const address = { model, experiment: code.id };
  const shards = shardsOf(root, code, model, card, prompts);
  const own = inputsOf(root, { ...code, file: `pipeline/experiments/${code.id}.ts` }, card, prompts);
  const inputs = [...own, ...shards.map(({ shard, key }) => ({ kind: "shard", name: shard, hash: key }) as const)];
  const key = keyOf(code.id, model, inputs);
  const stands = standingOf(root, address, inputs, key);
  // A shard that was edited is to be seen to, even where what was gathered of it before still stands.
  const changes = [...stands.changes, ...shards.filter(({ damaged }) => damaged).flatMap((shard) => shard.changes)];
  return {
    ...address,
    code,
    card,
    shards,
    inputs,
    key,
    ...stands,
    changes,
    wider: stands.wider && changes.length === 0,
  };
}

function chosen(
  names: readonly string[] | undefined,
  all: readonly string[],
  what: string,
  where: string,
): readonly string[] {
  const unknown = names?.find((name) => !all.includes(name));
  if (unknown !== undefined)
    throw new UnknownNameError(
      `There is no ${what} "${unknown}"; there are: ${all.join(", ") || `none yet (${where})`}.`,
    );
  return names ?? all;
}
