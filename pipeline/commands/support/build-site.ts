import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { FOLDERS, type PageKind, pageOf } from "../../artifacts/addresses.ts";
import { readVault } from "../../artifacts/content-files.ts";
import type { Vault } from "../../artifacts/vault.ts";
import { sweepPending } from "../../artifacts/writer.ts";
import { LockedError, takeLock } from "../../jobs/lock.ts";
import { UserError } from "./errors.ts";
import { type SiteReport, verifySite } from "./verify-site.ts";

export const DIST = "dist";

/**
 * Builds the site into `out` and follows all its links. Progress goes to standard error.
 * Throws UserError when the build, or what it built, is not whole: every fault in one message.
 */
export async function buildSite(root: string, out = join(root, DIST)): Promise<SiteReport & { seconds: number }> {
  // The site looks for content and artifacts there too (src/facts/place.ts).
  const contents = process.env.SOUNDINGS_VAULT ?? root;
  tidyArtifacts(contents);
  const vault = readVault(contents);
  const begun = Date.now();
  const code = await astro(root, ["build", "--outDir", out]);
  if (code !== 0)
    throw new UserError(`The build failed (astro build, exit code ${code ?? "none"}); its own message stands above.`);
  const report = verifySite(out, {
    pages: pagesOf(vault),
    files: ["pagefind/pagefind.js", "404.html"],
    secrets: [root],
  });
  if (report.problems.length > 0)
    throw new UserError(
      `The site was built, but ${report.problems.length} things in it are broken:\n${report.problems.join("\n")}`,
    );
  return { ...report, seconds: (Date.now() - begun) / 1000 };
}

/** The addresses that content asks for: one page for each thing that has one. */
export function pagesOf(vault: Vault): string[] {
  const kinds = Object.keys(FOLDERS) as PageKind[];
  return [
    "/",
    ...kinds.flatMap((kind) => vault[kind].map(({ id }) => pageOf(kind, id))),
    // Families stand among the models.
    ...vault.families.map(({ id }) => pageOf("models", id)),
  ];
}

/** `412 pages, 8.4 MB, 5120 links and resources followed, in 21.3 s` */
export function reportLine({ pages, bytes, followed, seconds }: SiteReport & { seconds: number }): string {
  return `${pages} pages, ${(bytes / 1e6).toFixed(1)} MB, ${followed} links and resources followed, in ${seconds.toFixed(1)} s`;
}

/** What a killed measuring left in `public/` would be served. Left alone while one is under way. */
function tidyArtifacts(root: string): void {
  try {
    const unlock = takeLock(root, "measure");
    try {
      sweepPending(root);
    } finally {
      unlock();
    }
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
  }
}

async function astro(root: string, args: string[]): Promise<number | null> {
  const manifest = createRequire(join(root, "package.json")).resolve("astro/package.json");
  const { bin } = JSON.parse(readFileSync(manifest, "utf8")) as { bin: { astro: string } };
  const child = spawn(process.execPath, [join(dirname(manifest), bin.astro), ...args], {
    cwd: root,
    // Standard output belongs to results.
    stdio: ["ignore", 2, 2],
    // Whatever the shell says: what is built has the policy of readers, not that of `astro dev`.
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
  });
  const [code] = (await once(child, "close")) as [number | null];
  return code;
}
