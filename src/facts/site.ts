import { findBrokenBodies, findUnreadableBodies } from "../../pipeline/artifacts/bodies.ts";
import { ContentError, located, readVault } from "../../pipeline/artifacts/content-files.ts";
import { readChanges } from "../../pipeline/artifacts/history-store.ts";
import { findBrokenReferences } from "../../pipeline/artifacts/references.ts";
import { listArtifacts, lookupFor } from "../../pipeline/artifacts/store.ts";
import { subjectsOf } from "../../pipeline/artifacts/subjects.ts";
import { contentAge } from "./content-age.ts";
import { type Facts, factsOf } from "./facts.ts";
import { root } from "./place.ts";

/**
 * The facts of a wiki whose `content/` and `public/artifacts/` are in `folder`. Throws ContentError with every file, field
 * and value that cannot stand, and ArtifactError for an artifact that is not what it says.
 */
export function readFacts(folder: string): Facts {
  const vault = readVault(folder);
  const lookups = new Map(subjectsOf(vault).map(({ id }) => [id, lookupFor(folder, id)]));
  const measured = (model: string, experiment: string) => lookups.get(model)?.(experiment);
  const references = findBrokenReferences(vault, {
    // Whether a protocol has its code is the pipeline's to check; here each counts as what its page says.
    experiments: vault.experiments.filter((each) => !each.data.planned).map((each) => each.id),
    models: [...new Set(listArtifacts(folder).map(({ model }) => model))],
    lookup: (model) => lookups.get(model) ?? lookupFor(folder, model),
  });
  const problems = [...findUnreadableBodies(vault), ...references];
  // Predictions that name what an artifact doesn't hold have no verdict: they must be reported before facts are drawn.
  if (problems.length > 0) throw new ContentError(located(folder, problems));
  const broken = findBrokenBodies(vault, measured);
  if (broken.length > 0) throw new ContentError(located(folder, broken));
  return factsOf(vault, measured, readChanges(folder));
}

let known: { facts: Facts; age: number } | undefined;

/** The facts of this build, computed on first use; in `astro dev`, anew when content or measurements have changed. */
export function siteFacts(): Facts {
  const age = contentAge();
  if (known?.age !== age) known = { facts: readFacts(root), age };
  return known.facts;
}
