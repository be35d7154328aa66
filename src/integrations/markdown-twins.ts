import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isRead } from "../facts/moved.ts";
import { base } from "../facts/place.ts";
import { twinOf } from "../facts/twins.ts";
import type { BeginAfterwork } from "./after-pages.ts";
import { OnTheWay } from "./on-the-way.ts";
import { writeTwin } from "./twin-writer.ts";

/** Writes the Markdown twin of each page (`…/index.md`): what stands in its `main`, for readers that are programs. */
export const markdownTwins = (): BeginAfterwork => (root) => {
  let twins = 0;
  // Pages come faster than a slow disk takes them: they would all be held.
  const writing = new OnTheWay(AT_ONCE);
  const write = async (file: string, markdown: string) => {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, markdown);
  };
  return {
    async page({ address, html }) {
      if (!isRead(address)) return;
      twins++;
      await writing.add(write(join(root, twinOf(address)), markdownOf(html)));
    },
    async done() {
      await writing.all();
      return `${twins} pages have a Markdown twin`;
    },
  };
};

/** How many twins are on their way to the disk. */
const AT_ONCE = 32;

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
