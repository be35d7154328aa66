import { Command } from "commander";
import { readVault } from "../artifacts/content-files.ts";
import { misreadings } from "../artifacts/diff.ts";
import { changesOf, readChangesOf } from "../artifacts/history-store.ts";
import { promptLeaks } from "../artifacts/prompt-leaks.ts";
import { TRAINING } from "../artifacts/recipe.ts";
import { findBrokenReferences } from "../artifacts/references.ts";
import { type Address, ARTIFACTS, CHANGES, listArtifacts, lookupFor, readArtifact } from "../artifacts/store.ts";
import type { Problem } from "../artifacts/vault.ts";
import { problemText } from "../artifacts/vault.ts";
import { experimentIds } from "../jobs/discover.ts";
import { run } from "./support/errors.ts";

export function command(): Command {
  return new Command("check")
    .description(
      "references that lead nowhere, prompts that leak, damaged artifacts, missing history, readings that no longer match their verdict",
    )
    .option("--json", "a JSON array on standard output")
    .action(
      run(async (options: { json?: boolean }) => {
        const problems = checkContent(process.cwd());
        if (options.json) process.stdout.write(`${JSON.stringify(problems, null, 2)}\n`);
        else process.stdout.write(`${problems.map(problemText).join("\n") || "All is well."}\n`);
        return problems.length === 0 ? 0 : 1;
      }),
    );
}

/**
 * Everything in `content/` and `public/artifacts/` that cannot stand, without building the site (which also follows what
 * bodies and pages link). Throws ContentError when a file fails its schema: nothing can be said of the rest before.
 */
export function checkContent(root: string): Problem[] {
  const vault = readVault(root);
  const artifacts = listArtifacts(root);
  const damaged = artifacts.flatMap((address): Problem[] => {
    try {
      readArtifact(root, address, { everyFile: true });
      return [];
    } catch (error) {
      return [
        {
          file: "public/artifacts",
          field: `${address.model}/${address.experiment}`,
          message: (error as Error).message,
        },
      ];
    }
  });
  if (damaged.length > 0) return damaged;
  const leaks = vault.prompts.flatMap(promptLeaks);
  if (leaks.length > 0) return leaks;
  const broken = findBrokenReferences(vault, {
    // Where nothing is trained, training needs no protocol.
    experiments: [...experimentIds(root), ...(vault.recipes.length > 0 ? [TRAINING] : [])],
    models: [...new Set(artifacts.map(({ model }) => model))],
    lookup: (model) => lookupFor(root, model),
  });
  if (broken.length > 0) return broken;
  const untold = untoldArtifacts(root, artifacts);
  if (untold.length > 0) return untold;
  return misreadings(vault, (model) => lookupFor(root, model)).map(({ file, claim, reading, verdict, model }) => ({
    file,
    field: `${claim.split("/")[1]}.reading`,
    message: `the text was written for "${reading}", on ${model} the verdict is now "${verdict}": read it again, then set \`reading\``,
  }));
}

/** Artifacts of which no change tells how they came to stand, and changes that cannot be read. */
function untoldArtifacts(root: string, artifacts: readonly Address[]): Problem[] {
  const problem = (field: string, message: string): Problem => ({ file: ARTIFACTS, field, message });
  return [...new Set(artifacts.map(({ model }) => model))].flatMap((model) => {
    let told: Set<string>;
    try {
      told = new Set(readChangesOf(root, model).map(({ experiment, after }) => `${experiment} ${after.result}`));
    } catch (error) {
      return [problem(`${model}/${CHANGES}`, (error as Error).message)];
    }
    return artifacts
      .filter((address) => address.model === model)
      .filter(({ experiment }) => {
        const stands = readArtifact(root, { model, experiment })?.provenance.files["result.json"];
        return !told.has(`${experiment} ${stands}`);
      })
      .map(({ experiment }) =>
        problem(
          `${model}/${experiment}`,
          `no file of ${changesOf(model)} tells of the result that stands. Restore it from git, or write one: npm run measure -- --model ${model} --only ${experiment} --force`,
        ),
      );
  });
}
