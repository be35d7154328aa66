import type { Nodes, Paragraph, PhrasingContent, Root } from "mdast";
import type { MdxJsxFlowElement, MdxJsxTextElement } from "mdast-util-mdx-jsx";
import { toString as textOf } from "mdast-util-to-string";
import remarkMath from "remark-math";
import remarkMdx from "remark-mdx";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { visitParents } from "unist-util-visit-parents";

/** One of the authors' components as it stands in a body. */
export interface Mention {
  name: "Claim" | "Cite" | "Source" | "Value" | "Term" | "SoundingLog" | "Figure";
  /** Attributes given as plain text; expressions are left out. */
  attributes: Record<string, string>;
  /** The sentence that it stands in, components' own text included. */
  sentence: string;
  line: number;
}

const names = new Set(["Claim", "Cite", "Source", "Value", "Term", "SoundingLog", "Figure"]);
type Element = MdxJsxFlowElement | MdxJsxTextElement;
const isElement = (node: Nodes): node is Element =>
  (node.type === "mdxJsxTextElement" || node.type === "mdxJsxFlowElement") && node.name !== null && names.has(node.name);

const parser = unified().use(remarkParse).use(remarkMdx).use(remarkMath);

/** Every component of an MDX body, in order of reading. */
export function mentionsOf(body: string): Mention[] {
  const found: Mention[] = [];
  const tree: Root = parser.parse(body);
  visitParents(tree, (node, ancestors) => {
    if (!isElement(node)) return;
    const attributes: Record<string, string> = {};
    for (const attribute of node.attributes)
      if (attribute.type === "mdxJsxAttribute" && typeof attribute.value === "string") attributes[attribute.name] = attribute.value;
    const paragraph = ancestors.find((each): each is Paragraph => each.type === "paragraph");
    found.push({
      name: node.name as Mention["name"],
      attributes,
      sentence: paragraph ? sentenceAround(paragraph, node) : textOf(node),
      line: node.position?.start.line ?? 0,
    });
  });
  return found;
}

/** The sentence of a paragraph in which an element stands; a claim is its own sentence. */
function sentenceAround(paragraph: Paragraph, element: Element): string {
  if (element.name === "Claim") return tidy(textOf(element));
  let before = "";
  let after = "";
  let passed = false;
  const walk = (nodes: readonly PhrasingContent[]) => {
    for (const node of nodes) {
      if ((node as Nodes) === element) passed = true;
      else if ("children" in node && contains(node, element)) walk(node.children as PhrasingContent[]);
      else if (passed) after += textOf(node);
      else before += textOf(node);
    }
  };
  walk(paragraph.children);
  const starts = [...before.matchAll(/[.!?]["”’)]?\s+(?=\p{Lu})/gu)].at(-1);
  // A citation stands after its sentence's full stop or before it: with nothing since the last stop, that sentence is meant.
  const own = starts ? before.slice(starts.index + starts[0].length) : before;
  const end = after.search(/[.!?](\s|$)/);
  const rest = end === -1 ? after : after.slice(0, end + 1);
  const afterStop = /[.!?]["”’)]?\s*$/.test(before);
  return tidy(afterStop ? own : own + textOf(element) + rest);
}

const contains = (node: Nodes, element: Element): boolean =>
  node === element || ("children" in node && node.children.some((child) => contains(child as Nodes, element)));

const tidy = (text: string) => text.replace(/\s+/g, " ").replace(/\s+([.,;:!?])/g, "$1").trim();
