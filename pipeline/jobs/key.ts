import { fileURLToPath } from "node:url";
import type { ModelCard } from "../artifacts/content/model-card.ts";
import type { Prompts } from "../artifacts/content/prompts/prompts.ts";
import { hashOf } from "../artifacts/hash.ts";
import { isWeights, weightsSha256 } from "../artifacts/model-files.ts";
import { type Input, SCHEMA_VERSION } from "../artifacts/schema.ts";
import type { Experiment } from "../experiments/experiment.ts";
import { closureOf, type Module, type Picks, wholeHash } from "./code.ts";
import { packageVersion } from "./package-version.ts";

/** Where this pipeline's own code lies; a vault of tests has its own content and experiments, and shares the engine. */
const project = fileURLToPath(new URL("../../", import.meta.url));
const ENGINE_ENTRY = "pipeline/runtime/open-model.ts";
/** Reaches a shard through its context, and not through its imports. */
const TRAINER = "pipeline/engine/train/train.ts";
const PART_OF_A_RESULT = /^pipeline\/(engine|statistics)\//;

/** What of an experiment, or of a shard, is in its key. */
export interface Keyed extends Pick<Experiment, "inputs"> {
  /** All that is handed to its code by name. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** None where the parameters have it. */
  readonly seed?: number;
  /** Where its code begins, from the root. */
  readonly file: string;
  /** Whether its context trains networks for it: a shard's does. */
  readonly trains?: boolean;
}

/**
 * Everything that a result depends on, each with its hash: the checkpoint's files (a GGUF has its tokenizer in the one
 * file), the prompt sets as parsed, the corpus packages, the experiment's code with all that it imports, the engine's code that any model
 * is run by, parameters, seed, schema. Sorted by kind and name. Runtime, device and threads are recorded, not in here.
 *
 * Without a card there is no model: the networks are trained by the code itself, whose imports then have the engine in them.
 * Throws when the experiment names a prompt set that isn't there.
 */
export function inputsOf(
  root: string,
  experiment: Keyed,
  card: ModelCard | undefined,
  prompts: ReadonlyMap<string, Prompts>,
): Input[] {
  const { file } = experiment;
  const inputs: Input[] = [
    ...(card ? checkpointInputs(card) : []),
    ...(experiment.seed === undefined ? [] : [{ kind: "seed", name: "seed", hash: hashOf(experiment.seed) } as const]),
    { kind: "schema", name: "artifacts", hash: hashOf(SCHEMA_VERSION) },
    ...Object.entries(experiment.parameters).map(
      ([name, value]) => ({ kind: "parameters", name, hash: hashOf(value) }) as const,
    ),
    ...experiment.inputs.corpora.map(
      (name) => ({ kind: "corpus", name, hash: hashOf(packageVersion(project, name)) }) as const,
    ),
    ...experiment.inputs.prompts.map((id) => {
      const content = prompts.get(id);
      if (!content) throw new Error(`${file}: inputs.prompts: there is no content/prompts/${id}.yaml.`);
      return { kind: "prompts", name: id, hash: hashOf(content) } as const;
    }),
    ...codeInputs(root, closureOf(root, file, card && picksOf(card))),
    ...(card ? codeInputs(project, engineModules(picksOf(card))) : []),
    ...(experiment.trains ? codeInputs(project, closureOf(project, TRAINER, card && picksOf(card))) : []),
  ];
  const byName = new Map(inputs.map((input) => [`${input.kind}/${input.name}`, input]));
  return [...byName.keys()].sort().map((name) => byName.get(name)!);
}

/** The weights as one, whatever files they are in; what else belongs to the checkpoint, file by file. */
function checkpointInputs({ id, files }: ModelCard): Input[] {
  const others = files.filter(({ name }) => !isWeights(name));
  return [
    { kind: "weights", name: id, hash: weightsSha256(files) },
    ...others.map(
      ({ name, sha256 }) =>
        ({
          kind: name.startsWith("tokenizer") ? "tokenizer" : "weights",
          name: `${id}/${name}`,
          hash: sha256,
        }) as const,
    ),
  ];
}

/** The key of an artifact: the hash of its address and its inputs. */
export function keyOf(experiment: string, model: string, inputs: readonly Input[]): string {
  return hashOf({ experiment, model, inputs });
}

/**
 * Whether an input is what it was when `recorded` was written. A source file of which only a part counts (`List`) is, too,
 * where the whole of it was recorded and still is as it was then.
 */
export function isUnchanged(root: string, recorded: Input, { kind, name, hash }: Input): boolean {
  if (recorded.hash === hash) return true;
  if (kind !== "code" || name.startsWith("node_modules/")) return false;
  return recorded.hash === (wholeHash(root, name) ?? wholeHash(project, name));
}

/**
 * The engine as a model is opened with it, random weights included. The runtime underneath, and how weights get here
 * (places, downloads; their hash is an input of its own), are no part of a result.
 */
function engineModules(picks: Picks): readonly Module[] {
  const modules = closureOf(project, ENGINE_ENTRY, picks);
  return modules.filter(({ path }) => path === ENGINE_ENTRY || PART_OF_A_RESULT.test(path));
}

/** What a card says of itself that the code has a list for: a model is of one family, kept in one format. */
const picksOf = ({ architecture, format }: ModelCard): Picks => ({ architectures: architecture, formats: format });

function codeInputs(root: string, modules: readonly Module[]): Input[] {
  const packages = [...new Set(modules.flatMap((module) => module.packages))];
  return [
    ...modules.map(({ path, hash }) => ({ kind: "code", name: path, hash }) as const),
    ...packages.map(
      (name) => ({ kind: "code", name: `node_modules/${name}`, hash: hashOf(packageVersion(root, name)) }) as const,
    ),
  ];
}
