import { resolve, sep } from "node:path";
import type { AstroIntegration } from "astro";
import { writeFrontmatterHelp } from "../../pipeline/artifacts/editor-help.ts";
import { contentChanged } from "../facts/content-age.ts";
import { contentRoot, publicRoot, root } from "../facts/place.ts";

/**
 * In `astro dev`: facts are drawn anew, and open pages loaded, once a file of content or a measurement was written, added or
 * removed; an editor is told of what was added.
 */
export function freshFacts(): AstroIntegration {
  const folders = [contentRoot, `${publicRoot}/artifacts`].map((folder) => resolve(folder) + sep);
  return {
    name: "soundings:fresh-facts",
    hooks: {
      "astro:server:setup": ({ server }) => {
        server.watcher.add(folders);
        writeFrontmatterHelp(root);
        server.watcher.on("all", (event, path) => {
          if (!folders.some((folder) => resolve(path).startsWith(folder))) return;
          if (event === "add") writeFrontmatterHelp(root);
          contentChanged();
          server.ws.send({ type: "full-reload" });
        });
      },
    },
  };
}
