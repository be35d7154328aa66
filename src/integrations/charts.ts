import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";
import { FIGURE_FILES, figureCsv, figureJson, standalone } from "../charts/figure-file.ts";
import { CHART_CACHE, type Rendered } from "../charts/render.ts";

const NAMED = /\/charts\/([0-9a-f]{16})\.(svg|csv|data\.json|json)/g;

/**
 * Serves what pages name under `/charts/`: each figure to take along (`<id>.svg`, `.csv`, `.data.json`) and its compiled
 * specification for the interactive form (`<id>.json`), all from the cache that the pages were drawn into. Nothing is drawn twice, nothing unused is published.
 */
export function charts(cache: string = CHART_CACHE): AstroIntegration {
  return {
    name: "charts",
    hooks: {
      "astro:server:setup": ({ server }) => {
        server.middlewares.use(async (request, response, next) => {
          const [, id, kind] = new RegExp(NAMED.source).exec(request.url ?? "") ?? [];
          if (id === undefined || kind === undefined) return next();
          try {
            const body = await chartFile(cache, id, kind);
            response.setHeader("content-type", FIGURE_FILES[kind as keyof typeof FIGURE_FILES]);
            response.end(body);
          } catch (error) {
            next(error);
          }
        });
      },
      "astro:build:done": async ({ dir, logger }) => {
        const root = fileURLToPath(dir);
        const named = await chartsNamedIn(root);
        await mkdir(join(root, "charts"), { recursive: true });
        for (const name of named) {
          const [id = "", ...kinds] = name.split(".");
          const kind = kinds.join(".");
          await writeFile(join(root, "charts", name), await chartFile(cache, id, kind));
        }
        logger.info(`${named.size} files for ${new Set([...named].map((name) => name.split(".")[0])).size} drawings`);
      },
    },
  };
}

/** `<id>.<kind>` for each address under `/charts/` in any page of a built site. */
async function chartsNamedIn(root: string): Promise<Set<string>> {
  const pages = (await readdir(root, { recursive: true })).filter((name) => name.endsWith(".html"));
  const named = new Set<string>();
  for (const page of pages)
    for (const [, id, kind] of (await readFile(join(root, page), "utf8")).matchAll(NAMED)) named.add(`${id}.${kind}`);
  return named;
}

async function chartFile(cache: string, id: string, kind: string): Promise<string> {
  let kept: Pick<Rendered, "svg" | "vega" | "frame" | "extra">;
  try {
    kept = JSON.parse(await readFile(join(cache, `${id}.json`), "utf8"));
  } catch (error) {
    throw new Error(
      `A page names the chart ${id}, which is not in ${cache}: ${(error as Error).message}. Build again.`,
    );
  }
  const { svg, vega, frame, extra } = kept;
  if (kind === "json") return JSON.stringify({ vega, frame, words: extra.words ?? [] });
  if (!extra.file) throw new Error(`A page offers ${id}.${kind}, but this drawing was made without its data.`);
  return kind === "svg" ? standalone(svg, extra.file) : kind === "csv" ? figureCsv(extra.file) : figureJson(extra.file);
}
