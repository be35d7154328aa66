import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Experiment } from "../experiments/experiment.ts";

const FOLDER = "pipeline/experiments";

/** Ids of the experiments that have code, in order. A file in that folder is an experiment; `experiment.ts` says what one is. */
export function experimentIds(root: string): string[] {
  return readdirSync(join(root, FOLDER))
    .filter((name) => name.endsWith(".ts") && name !== "experiment.ts")
    .map((name) => name.slice(0, -3))
    .sort();
}

/** Loads one experiment. Throws when its file doesn't export it, or gives it another id. */
export async function loadExperiment(root: string, id: string): Promise<Experiment> {
  const file = `${FOLDER}/${id}.ts`;
  const module: { experiment?: Experiment } = await import(pathToFileURL(join(root, file)).href).catch(
    (error: Error) => {
      throw new Error(`${file} cannot be loaded: ${error.message}`, { cause: error });
    },
  );
  if (typeof module.experiment?.run !== "function")
    throw new Error(
      `${file}: expected \`export const experiment: Experiment\`. Code that several share goes elsewhere.`,
    );
  if (module.experiment.id !== id)
    throw new Error(`${file}: id: expected "${id}", the file's name; found "${module.experiment.id}".`);
  return module.experiment;
}
