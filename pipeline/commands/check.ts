import { Command } from "commander";
import { readVault } from "../artifacts/content-files.ts";
import { misreadings } from "../artifacts/diff.ts";
import { findBrokenReferences } from "../artifacts/references.ts";
import { listArtifacts, lookupFor, readArtifact } from "../artifacts/store.ts";
import type { Problem } from "../artifacts/vault.ts";
import { problemText } from "../artifacts/vault.ts";
import { experimentIds } from "../jobs/discover.ts";
import { run } from "./support/errors.ts";

export function command(): Command {
  return new Command("check")
    .description("references that lead nowhere, damaged artifacts, readings that no longer match their verdict")
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
  const broken = findBrokenReferences(vault, {
    experiments: experimentIds(root),
    models: [...new Set(artifacts.map(({ model }) => model))],
    lookup: (model) => lookupFor(root, model),
  });
  if (broken.length > 0) return broken;
  // Essays are written for the model that readers are shown first.
  const chosen = vault.models.find(({ data }) => data.default);
  if (!chosen) return [];
  return misreadings(vault.notes, chosen.id, lookupFor(root, chosen.id)).map(
    ({ file, claim, reading, verdict, model }) => ({
      file,
      field: `${claim.split("/")[1]}.reading`,
      message: `the text was written for "${reading}", on ${model} the verdict is now "${verdict}": read it again, then set \`reading\``,
    }),
  );
}
