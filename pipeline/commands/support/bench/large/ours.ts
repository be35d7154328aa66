import { appendFileSync, mkdtempSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Took, watched } from "./watched.ts";

/** One build of ours: what it took, and what it made. */
export interface OurBuild extends Took {
  readonly pages: number;
  /** Figures that the cache holds after it. */
  readonly drawings: number;
}

const project = fileURLToPath(new URL("../../../../../", import.meta.url));

/**
 * Builds a vault into folders of its own: `work/out`, kept things in `work/cache`. Links are not followed: the other generators
 * follow none, and a vault that was never measured has no traces or changes to lead to.
 */
export async function buildOurs(vault: string, work: string): Promise<OurBuild> {
  const cache = join(work, "cache");
  const { said, ...took } = await watched(
    [join(project, "node_modules/astro/bin/astro.mjs"), "build", "--outDir", join(work, "out")],
    project,
    environmentOf(vault, work),
  );
  const pages = Number(/(\d+) page\(s\) built/.exec(said)?.[1]);
  const drawings = readdirSync(join(cache, "charts")).filter((name) => name.endsWith(".json")).length;
  return { ...took, pages, drawings };
}

/**
 * Puts aside all that earlier builds left in `work` but the social cards: other generators have none to draw. It is not deleted
 * yet, since ext4 makes new files slowly for half a minute after many were (`recently_deleted`), at the next build's cost.
 */
export function forgetAllButCards(work: string): void {
  const aside = mkdtempSync(join(work, "forgotten-"));
  const cache = join(work, "cache");
  renameSync(join(work, "out"), join(aside, "out"));
  for (const name of readdirSync(cache)) if (name !== "social") renameSync(join(cache, name), join(aside, name));
}

/** Where a build of a vault outside this repository finds it, and keeps what it keeps. */
export const environmentOf = (vault: string, work: string): Record<string, string> => ({
  SOUNDINGS_VAULT: vault,
  SOUNDINGS_CACHE: join(work, "cache"),
});

/** Adds a sentence to the end of a vault's first note, and returns the note's name. */
export function changeNote(vault: string, sentence: string): string {
  const name = readdirSync(join(vault, "content/notes")).sort()[0]!;
  appendFileSync(join(vault, "content/notes", name), `\n${sentence}\n`);
  return name.replace(/\.mdx$/, "");
}
