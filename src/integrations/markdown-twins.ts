import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isRead } from "../facts/moved.ts";
import { base, cacheRoot } from "../facts/place.ts";
import { twinOf } from "../facts/twins.ts";
import type { BeginAfterwork } from "./built-pages.ts";
import { writeTwin } from "./twin-writer.ts";

/** Writes the Markdown twin of each page (`…/index.md`): what stands in its `main`, for readers that are programs. */
export const markdownTwins =
  (cache: string = join(cacheRoot, "twins")): BeginAfterwork =>
  async (root) => {
    await mkdir(cache, { recursive: true });
    let written = 0;
    return {
      async page({ address, html }) {
        if (!isRead(address)) return;
        await writeFile(join(root, twinOf(address)), await keptMarkdown(html, cache));
        written++;
      },
      async done(logger) {
        logger.info(`${written} pages have a Markdown twin.`);
      },
    };
  };

/** Bump when the writing below changes. */
const WRITING = 2;

/** A page's Markdown, by the content of its `main`: written once, for as long as the cache stands. */
async function keptMarkdown(html: string, cache: string): Promise<string> {
  const main = mainOf(html);
  const file = join(
    cache,
    `${createHash("sha256")
      .update(JSON.stringify([WRITING, base, main]))
      .digest("hex")
      .slice(0, 32)}.md`,
  );
  try {
    return await readFile(file, "utf8");
  } catch {
    const markdown = writeTwin(main, toTwin);
    await writeFile(`${file}.${process.pid}`, markdown);
    await rename(`${file}.${process.pid}`, file);
    return markdown;
  }
}

/** The `main` of an HTML page as Markdown. Links to pages of the site lead to their twins. Throws where there is none. */
export const markdownOf = (html: string): string => writeTwin(mainOf(html), toTwin);

/** The HTML of a page's `main` without its drawings, which are most of it and have no words that the twin shows. */
function mainOf(html: string): string {
  const [from, to] = [html.indexOf("<main"), html.lastIndexOf("</main>")];
  if (from === -1 || to < from) throw new Error("The page has no <main>.");
  return `${html.slice(from, to)}</main>`.replace(/<svg[\s>].*?<\/svg>/gs, "");
}

function toTwin(href: string): string {
  const [path = "", ...rest] = href.split("#");
  if (!path.startsWith("/")) return href;
  return base + [path.endsWith("/") && isRead(path) ? twinOf(path) : path, ...rest].join("#");
}
