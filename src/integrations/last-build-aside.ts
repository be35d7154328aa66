import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";
import { cacheRoot } from "../facts/place.ts";

const NAME = "last-build-";

/**
 * Puts the last build aside while the next is made, and deletes it then. Astro would empty the folder first, and ext4 makes new
 * files slowly for half a minute after many were deleted (`recently_deleted`): a rebuild of a thousand notes took a third longer.
 */
export function lastBuildAside(cache: string = cacheRoot): AstroIntegration {
  let root = "";
  return {
    name: "soundings:last-build-aside",
    hooks: {
      "astro:config:done": ({ config }) => {
        root = fileURLToPath(config.outDir);
      },
      "astro:build:start": async () => {
        await mkdir(cache, { recursive: true });
        // One that is also a work tree, from which pages are pushed, stays where it is; Astro empties it all the same.
        if (!existsSync(root) || existsSync(join(root, ".git"))) return;
        try {
          await rename(root, await mkdtemp(join(cache, NAME)));
        } catch (fault) {
          // Nor can it be renamed to another disk.
          if ((fault as NodeJS.ErrnoException).code !== "EXDEV") throw fault;
        }
      },
      // What failed builds put aside goes with it.
      "astro:build:done": async () => {
        for (const name of await readdir(cache))
          if (name.startsWith(NAME)) await rm(join(cache, name), { recursive: true, force: true });
      },
    },
  };
}
