import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ARTIFACTS } from "../../artifacts/store.ts";
import { badUse, UserError } from "./errors.ts";

/** A folder with the artifacts of a commit: results and provenance only, which is all that a comparison reads. */
export interface ArtifactsAt {
  readonly root: string;
  remove(): void;
}

/** Throws UserError when this is no git checkout, and bad use when git doesn't know the commit. */
export function artifactsAt(root: string, ref: string): ArtifactsAt {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: root, maxBuffer: 2 ** 30, stdio: ["ignore", "pipe", "pipe"] });
  try {
    git("rev-parse", "--git-dir");
  } catch {
    throw new UserError(
      "There is no git checkout here, so nothing to compare with. Run this in a clone of the repository.",
    );
  }
  let commit: string;
  try {
    commit = git("rev-parse", "--verify", "--end-of-options", `${ref}^{commit}`).toString().trim();
  } catch {
    throw badUse(`git knows no commit "${ref}". Give a branch, a tag or a commit to --against.`);
  }
  const folder = mkdtempSync(join(tmpdir(), "soundings-artifacts-"));
  // Paths are taken from this folder, which need not be the top of the checkout.
  const names = git("ls-tree", "-r", "-z", "--name-only", commit, "--", `${ARTIFACTS}/`).toString().split("\0");
  for (const name of names.filter((each) => /\/(result|provenance)\.json$/.test(each))) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), git("show", `${commit}:./${name}`));
  }
  return { root: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
