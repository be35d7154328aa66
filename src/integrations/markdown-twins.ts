import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";
import type { Element, Nodes, Root } from "hast";
import type { PhrasingContent } from "mdast";
import { toString as textOf } from "mdast-util-to-string";
import rehypeRemark, { type Options } from "rehype-remark";
import remarkGfm from "remark-gfm";
import remarkMath from "remark-math";
import remarkStringify from "remark-stringify";
import { htmlToHast } from "satteri";
import { unified } from "unified";
import { EXIT, SKIP, visit } from "unist-util-visit";
import { isRead } from "../facts/moved.ts";
import { base, cacheRoot } from "../facts/place.ts";
import { twinOf } from "../facts/twins.ts";

/** Writes the Markdown twin of each page (`…/index.md`): what stands in its `main`, for readers that are programs. */
export function markdownTwins(cache: string = join(cacheRoot, "twins")): AstroIntegration {
  return {
    name: "soundings:markdown-twins",
    hooks: {
      "astro:build:done": async ({ dir, pages, logger }) => {
        const folder = fileURLToPath(dir);
        const own = pages.map(({ pathname }) => `/${pathname}`).filter(isRead);
        await mkdir(cache, { recursive: true });
        for (const address of own) {
          const html = await readFile(join(folder, address, "index.html"), "utf8");
          await writeFile(join(folder, twinOf(address)), await keptMarkdown(html, cache));
        }
        logger.info(`${own.length} pages have a Markdown twin.`);
      },
    },
  };
}

/** Bump when the writing below changes. */
const WRITING = 1;

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
    const markdown = markdownOfMain(main);
    await writeFile(`${file}.${process.pid}`, markdown);
    await rename(`${file}.${process.pid}`, file);
    return markdown;
  }
}

const text = (value: string) => ({ type: "text" as const, value });

/** An element's TeX, as KaTeX keeps it beside the MathML. */
function tex(math: Element): string {
  let found = "";
  visit(math, "element", ({ tagName, children: [first] }) => {
    if (tagName !== "annotation" || first?.type !== "text") return;
    found = first.value;
    return EXIT;
  });
  return found;
}

const handlers: Options["handlers"] = {
  math: (_state, node: Element) => ({ type: "inlineMath", value: tex(node) }),
  dl: (state, node: Element) => ({
    type: "list",
    ordered: false,
    spread: false,
    children: definitions(node).map(([term, ...descriptions]) => ({
      type: "listItem",
      spread: false,
      children: [
        {
          type: "paragraph",
          children: [
            { type: "text", value: `${textOf(term!)}: ` },
            ...descriptions.flatMap((each, i) => [
              ...(i > 0 ? [text("; ")] : []),
              ...(state.all({ ...each, children: each.children.flatMap(itemsInline) }) as PhrasingContent[]),
            ]),
          ],
        },
      ],
    })),
  }),
  sub: (state, node: Element) => [text("_"), ...state.all(node)] as never,
  sup: (state, node: Element) => [text("^"), ...state.all(node)] as never,
};

/** The items of a list one after the other, since a list item's first line holds no list. */
const itemsInline = (node: Element["children"][number]): Element["children"] =>
  node.type === "element" && (node.tagName === "ul" || node.tagName === "ol")
    ? node.children.flatMap((item) => (item.type === "element" ? [...item.children, text("; ")] : [])).slice(0, -1)
    : [node];

/** Each term of a list with what describes it. */
function definitions({ children }: Element): Element[][] {
  const groups: Element[][] = [];
  for (const child of children.flatMap((each) =>
    each.type !== "element" ? [] : each.tagName === "div" ? each.children : [each],
  )) {
    if (child.type !== "element") continue;
    if (child.tagName === "dt") groups.push([child]);
    else groups.at(-1)?.push(child);
  }
  return groups;
}

const processor = unified()
  .use(() => mainOnly)
  .use(rehypeRemark, { handlers })
  .use(remarkMath)
  .use(remarkGfm, { tablePipeAlign: false })
  .use(remarkStringify, { bullet: "-", rule: "-" });

/** The `main` of an HTML page as Markdown. Links to pages of the site lead to their twins. Throws where there is none. */
export const markdownOf = (html: string): string => markdownOfMain(mainOf(html));

function markdownOfMain(main: string): string {
  const tree = htmlToHast(main, { fragment: true }) as Root;
  return processor.stringify(processor.runSync(tree) as never);
}

/** The HTML of a page's `main` without its drawings, which are most of it and have no words that the twin shows. */
function mainOf(html: string): string {
  const [from, to] = [html.indexOf("<main"), html.lastIndexOf("</main>")];
  if (from === -1 || to < from) throw new Error("The page has no <main>.");
  return `${html.slice(from, to)}</main>`.replace(/<svg[\s>].*?<\/svg>/gs, "");
}

const LEFT_OUT = new Set(["svg", "script", "style", "form", "button", "template", "input", "canvas"]);
/** Parts that are drawings of what the page says elsewhere in words have `data-twin="none"`. */
const isHidden = ({ properties }: Element) =>
  properties.hidden !== undefined || properties.ariaHidden === "true" || properties.dataTwin === "none";
/** Set apart on the page by their style alone. */
const APART = new Set(["span", "p", "div", "small"]);

function mainOnly(tree: Root): Root {
  let main: Element | undefined;
  visit(tree, "element", (node) => {
    if (node.tagName !== "main") return;
    main = node;
    return EXIT;
  });
  if (!main) throw new Error("The page has no <main>.");
  visit(main as Nodes, "element", (node, index, parent) => {
    if (parent && index !== undefined && (LEFT_OUT.has(node.tagName) || isHidden(node))) {
      parent.children.splice(index, 1);
      return [SKIP, index];
    }
    if (parent && index !== undefined && APART.has(node.tagName)) {
      const next = parent.children[index + 1];
      const last = parent.children[index - 1];
      if (next && (next.type !== "text" || /^[\p{L}\p{N}“‘]/u.test(next.value)))
        parent.children.splice(index + 1, 0, text(" "));
      if (last && /[\p{L}\p{N}.!?”’]$/u.test(textOf(last))) {
        parent.children.splice(index, 0, text(" "));
        return index + 1;
      }
    }
    delete node.properties.title;
    const { href } = node.properties;
    if (node.tagName === "a" && typeof href === "string") node.properties.href = toTwin(href);
  });
  return { type: "root", children: [main] };
}

function toTwin(href: string): string {
  const [path = "", ...rest] = href.split("#");
  if (!path.startsWith("/")) return href;
  return base + [path.endsWith("/") && isRead(path) ? twinOf(path) : path, ...rest].join("#");
}
