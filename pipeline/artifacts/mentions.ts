import type { Nodes, Paragraph, PhrasingContent, Root } from "mdast";
import type { MdxJsxFlowElement, MdxJsxTextElement } from "mdast-util-mdx-jsx";
import { toString as plain } from "mdast-util-to-string";
import { visitParents } from "unist-util-visit-parents";

/** What authors may use in a body without importing it (`Body.astro` draws them). */
export const COMPONENTS = [
  "Claim",
  "Cite",
  "Source",
  "Value",
  "Term",
  "SoundingLog",
  "Figure",
  "TraceStrip",
  "UnitGraph",
] as const;

/** One of the authors' components as it stands in a body. */
export interface Mention {
  name: (typeof COMPONENTS)[number];
  /** Attributes given as plain text; expressions are left out. */
  attributes: Record<string, string>;
  /** What a figure is to draw, where it says: `quantities={["kl"]}`. */
  quantities?: readonly string[];
  /** The sentence that it stands in, components' own text included. */
  sentence: string;
  line: number;
}

const names = new Set<string>(COMPONENTS);
type Element = MdxJsxFlowElement | MdxJsxTextElement;
const isElement = (node: Nodes): node is Element =>
  (node.type === "mdxJsxTextElement" || node.type === "mdxJsxFlowElement") &&
  node.name !== null &&
  names.has(node.name);

/** A text's words; what is read from a measurement or a source at build has none yet, and leaves a gap that is seen. */
function textOf(node: Nodes): string {
  if (isElement(node) && (node.name === "Value" || node.name === "Source")) return "[…]";
  return "children" in node ? node.children.map((child) => textOf(child as Nodes)).join("") : plain(node);
}

/** Every component of an MDX body, in order of reading. */
export function mentionsOf(tree: Root): Mention[] {
  const found: Mention[] = [];
  visitParents(tree, (node, ancestors) => {
    if (!isElement(node)) return;
    const attributes: Record<string, string> = {};
    for (const attribute of node.attributes)
      if (attribute.type === "mdxJsxAttribute" && typeof attribute.value === "string")
        attributes[attribute.name] = attribute.value;
    const paragraph = ancestors.find((each): each is Paragraph => each.type === "paragraph");
    const quantities = quantitiesOf(node);
    found.push({
      name: node.name as Mention["name"],
      attributes,
      ...(quantities ? { quantities } : {}),
      sentence: paragraph ? sentenceAround(paragraph, node) : textOf(node),
      line: node.position?.start.line ?? 0,
    });
  });
  return found;
}

/** Undefined where there are none, or what they are is not written out. */
function quantitiesOf({ attributes }: Element): string[] | undefined {
  const given = attributes.find((each) => each.type === "mdxJsxAttribute" && each.name === "quantities")?.value;
  if (given === null || typeof given !== "object") return undefined;
  return /^\s*\[\s*("[^"]*"\s*,?\s*)*\]\s*$/.test(given.value)
    ? [...given.value.matchAll(/"([^"]*)"/g)].map(([, id]) => id!)
    : undefined;
}

const STOP = /[.!?]["”’)]?\s+(?=["“‘(]?\p{Lu})/gu;

/** The sentence of a paragraph in which an element stands. */
function sentenceAround(paragraph: Paragraph, element: Element): string {
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
  const ended = /[.!?]["”’)]?\s*$/.test(before);
  // A citation may stand behind the full stop of its sentence: the sentence before it is meant then, without the citation.
  if (ended && element.name === "Cite") return tidy(before.slice(lastStop(before.trimEnd())));
  const own = textOf(element);
  const from = lastStop(before + own, before.length);
  const to = (own + after).slice(Math.max(0, own.length - 1)).search(/[.!?]["”’)]?(\s|$)/);
  const length = to === -1 ? own.length + after.length : Math.max(0, own.length - 1) + to + 1;
  return tidy(before.slice(from) + (own + after).slice(0, length));
}

/** Where the last sentence that starts at or before `limit` starts. */
function lastStop(text: string, limit = text.length): number {
  const stops = [...text.matchAll(STOP)]
    .map((match) => match.index + match[0].length)
    .filter((start) => start <= limit);
  return stops.at(-1) ?? 0;
}

const contains = (node: Nodes, element: Element): boolean =>
  node === element || ("children" in node && node.children.some((child) => contains(child as Nodes, element)));

const tidy = (text: string) =>
  text
    .replace(/\s+/g, " ")
    .replace(/\s+([.,;:!?])/g, "$1")
    .trim();
