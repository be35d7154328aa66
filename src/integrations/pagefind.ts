import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";
import { type CustomRecord, close, createIndex } from "pagefind";

/** What the site writes for the search index, beside its pages: one record for each claim. */
export const recordsFile = "search-records.json";

/**
 * Builds the search index of `dist/` when the pages are there. Pages that carry `data-pagefind-body` are read from their
 * HTML; claims come as records of their own, each with the joint filter value `model:verdict`, since two filters `model` and
 * `verdict` would match a claim that has the one on this model and the other on that.
 */
export function pagefind(): AstroIntegration {
  return {
    name: "soundings:pagefind",
    hooks: {
      "astro:build:done": async ({ dir, pages, logger }) => {
        const folder = fileURLToPath(dir);
        const { index, errors } = await createIndex({
          includeCharacters: "_=",
          excludeSelectors: ["svg", "math annotation"],
        });
        if (!index) throw new Error(`The search index could not be started: ${errors.join("; ")}`);
        try {
          for (const { pathname } of pages) {
            if (pathname.startsWith("cards/")) continue;
            const path = join(folder, pathname === "404/" ? "404.html" : join(pathname, "index.html"));
            const content = await readFile(path, "utf8");
            if (!content.includes("data-pagefind-body")) continue;
            must(await index.addHTMLFile({ sourcePath: relative(folder, path), content }), pathname);
          }
          const records: CustomRecord[] = JSON.parse(await readFile(join(folder, recordsFile), "utf8"));
          for (const record of records) must(await index.addCustomRecord(record), record.url);
          must(await index.writeFiles({ outputPath: join(folder, "pagefind") }), "pagefind/");
          logger.info(`${pages.length} pages, ${records.length} claims searchable.`);
        } finally {
          await close();
        }
      },
    },
  };
}

function must({ errors }: { errors: string[] }, what: string): void {
  if (errors.length > 0) throw new Error(`The search index did not take ${what}: ${errors.join("; ")}`);
}
