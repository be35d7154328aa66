import { resolve, sep } from "node:path";
import type { AstroIntegration } from "astro";
import { contentChanged } from "../facts/content-age.ts";
import { contentRoot, publicRoot } from "../facts/place.ts";

/** In `astro dev`: facts are drawn anew, and open pages loaded, once a file of content or a measurement was written, added or removed. */
export function freshFacts(): AstroIntegration {
  const folders = [contentRoot, `${publicRoot}/artifacts`].map((folder) => resolve(folder) + sep);
  return {
    name: "soundings:fresh-facts",
    hooks: {
      "astro:server:setup": ({ server }) => {
        server.watcher.add(folders);
        server.watcher.on("all", (_, path) => {
          if (!folders.some((folder) => resolve(path).startsWith(folder))) return;
          contentChanged();
          server.ws.send({ type: "full-reload" });
        });
      },
    },
  };
}
