import { Command } from "commander";
import { findBrokenBodies, findUnreadableBodies } from "../artifacts/bodies.ts";
import { located, readVault } from "../artifacts/content-files.ts";
import { type Lookup, misreadings } from "../artifacts/diff.ts";
import { changesOf, readChangesOf } from "../artifacts/history-store.ts";
import { ladderLeaks } from "../artifacts/ladder-leaks.ts";
import { findBrokenLinks } from "../artifacts/page-links.ts";
import { promptLeaks } from "../artifacts/prompt-leaks.ts";
import { TRAINING } from "../artifacts/recipe.ts";
import { findBrokenReferences } from "../artifacts/references.ts";
import { type Address, ARTIFACTS, CHANGES, listArtifacts, lookupFor, readArtifact } from "../artifacts/store.ts";
import { findUnused } from "../artifacts/unused.ts";
import type { Problem, Vault } from "../artifacts/vault.ts";
import { problemText } from "../artifacts/vault.ts";
import { experimentIds } from "../jobs/discover.ts";
import { run } from "./support/errors.ts";

export function command(): Command {
  return new Command("check")
    .description(
      "references and links that lead nowhere, prompts that leak, damaged artifacts, missing history, readings that no longer match their verdict; as warnings, what nothing uses",
    )
    .option("--json", "a JSON array on standard output")
    .action(
      run(async (options: { json?: boolean }) => {
        const findings = checkContent(process.cwd());
        if (options.json) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
        else process.stdout.write(`${findings.map(findingText).join("\n") || "All is well."}\n`);
        return findings.some(({ severity }) => severity === "error") ? 1 : 0;
      }),
    );
}

/** An error cannot stand: the site would not be built, or would say what is not so. A warning can, while a text is being written. */
export interface Finding extends Problem {
  readonly severity: "error" | "warning";
}

/** A finding's line of the report; editors find its place by it (.vscode/tasks.json). */
export const findingText = ({ severity, ...problem }: Finding): string =>
  problemText(severity === "error" ? problem : { ...problem, field: `warning: ${problem.field}` });

/**
 * Everything in `content/` and `public/artifacts/` that cannot stand or is in nobody's use, with its line, without building the site
 * (which also follows what its own pages link). Throws ContentError when a file fails its schema: nothing can be said of
 * the rest before.
 */
export function checkContent(root: string): Finding[] {
  const vault = readVault(root);
  const errors = errorsIn(root, vault);
  // Where a name is wrong, what it was meant for would look unused.
  const warnings = errors.length > 0 ? [] : findUnused(vault);
  return [
    ...located(root, errors).map((problem): Finding => ({ ...problem, severity: "error" })),
    ...located(root, warnings).map((problem): Finding => ({ ...problem, severity: "warning" })),
  ];
}

function errorsIn(root: string, vault: Vault): Problem[] {
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
  const lookups = new Map<string, Lookup>();
  /** Each model's artifacts are read once, whoever asks for them. */
  const lookup = (model: string): Lookup => {
    const known = lookups.get(model) ?? lookupFor(root, model);
    lookups.set(model, known);
    return known;
  };
  const unreadable = findUnreadableBodies(vault);
  const broken = [
    ...findBrokenReferences(vault, {
      // Where nothing is trained, training needs no protocol.
      experiments: [...experimentIds(root), ...(vault.recipes.length > 0 ? [TRAINING] : [])],
      models: [...new Set(artifacts.map(({ model }) => model))],
      lookup,
    }),
    ...unreadable,
    ...(unreadable.length > 0
      ? []
      : [...findBrokenBodies(vault, (model, experiment) => lookup(model)(experiment)), ...findBrokenLinks(vault)]),
    ...vault.prompts.flatMap((entry) => [...promptLeaks(entry), ...ladderLeaks(entry)]),
  ];
  if (broken.length > 0) return broken;
  const untold = untoldArtifacts(root, artifacts);
  if (untold.length > 0) return untold;
  return misreadings(vault, lookup).map(({ file, claim, reading, verdict, model }) => {
    const [note, id] = claim.split("/");
    const at = vault.notes.find((each) => each.id === note)!.data.claims.findIndex((each) => each.id === id);
    return {
      file,
      field: `claims.${at}.reading (${id})`,
      message: `the text was written for "${reading}", on ${model} the verdict is now "${verdict}": read it again, then set \`reading\``,
    };
  });
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
