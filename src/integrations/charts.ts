import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AstroIntegration } from "astro";
import { FIGURE_FILES, figureCsv, figureJson, standalone } from "../charts/figure-file.ts";
import { CHART_CACHE, type Rendered } from "../charts/render.ts";
import type { BeginAfterwork } from "./after-pages.ts";
import { publishedFragments } from "./fragments.ts";

const NAMED = /\/charts\/([0-9a-f]{16})\.(svg|csv|data\.json|json)/g;

/**
 * In `astro dev`: serves what pages name under `/charts/`, each figure to take along (`<id>.svg`, `.csv`, `.data.json`) and its
 * compiled specification for the interactive form (`<id>.json`), from the cache that pages are drawn into. Nothing is drawn
 * twice, nothing unused is published.
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
    },
  };
}

/** Writes what built pages, and the parts of them that are fetched when wanted, name under `/charts/`. After `publishFragments`. */
export const publishCharts =
  (cache: string = CHART_CACHE): BeginAfterwork =>
  (root) => {
    const named = new Set<string>();
    const look = (html: string) => {
      for (const [, id, kind] of html.matchAll(NAMED)) named.add(`${id}.${kind}`);
    };
    return {
      page: ({ html }) => look(html),
      async done() {
        for await (const part of publishedFragments(root)) look(part);
        await mkdir(join(root, "charts"), { recursive: true });
        for (const name of named) {
          const [id = "", ...kinds] = name.split(".");
          await writeFile(join(root, "charts", name), await chartFile(cache, id, kinds.join(".")));
        }
        return `${named.size} files for ${new Set([...named].map((name) => name.split(".")[0])).size} drawings`;
      },
    };
  };

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
