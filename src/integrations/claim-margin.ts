import { defineHastPlugin, type HastNode, type HastVisitorContext, type MdxJsxFlowElementHast } from "satteri";

type Claim = Extract<HastNode, { type: "mdxJsxTextElement" | "mdxJsxFlowElement" }>;

const isClaim = (node: Readonly<HastNode>): node is Claim =>
  (node.type === "mdxJsxTextElement" || node.type === "mdxJsxFlowElement") && node.name === "Claim";

/** What a margin stands beside: the outermost of these that holds a claim. */
const PASSAGES = ["p", "li", "blockquote"];

/**
 * Puts the verdicts of a paragraph's claims beside it: `<p>…<Claim of="x">…</Claim>…</p>` becomes
 * `<div class="beside"><p>…</p><ClaimMargin of="x" /></div>`. The margin follows its paragraph in the document, so that
 * it folds under it on a phone and is read after it by a screen reader.
 */
export const claimMargin = defineHastPlugin({
  name: "soundings:claim-margin",
  element: { filter: PASSAGES, visit: putBeside },
  mdxJsxFlowElement: { filter: ["Claim"], visit: putBeside },
  mdxJsxTextElement: { filter: ["Claim"], visit: putBeside },
});

function putBeside(node: Readonly<HastNode>, context: HastVisitorContext): void {
  if (isWithinPassage(node, context)) return;
  const margins = claimsIn(node).map(
    ({ attributes }): MdxJsxFlowElementHast => ({
      type: "mdxJsxFlowElement",
      name: "ClaimMargin",
      attributes: attributes.filter((each) => each.type === "mdxJsxAttribute" && each.name === "of"),
      children: [],
    }),
  );
  if (margins.length === 0) return;
  const beside = box("beside-notes", margins);
  // A list's child must stay a list item: its margin goes inside it.
  if (node.type === "element" && node.tagName === "li") context.appendChild(node, beside);
  else context.wrapNode(node, box("beside", [beside]));
}

function isWithinPassage(node: Readonly<HastNode>, context: HastVisitorContext): boolean {
  for (let above = context.parent(node); above; above = context.parent(above))
    if (isClaim(above) || (above.type === "element" && PASSAGES.includes(above.tagName))) return true;
  return false;
}

/** The node itself, where it is a claim, and all claims in it. */
const claimsIn = (node: Readonly<HastNode>): Claim[] => [
  ...(isClaim(node) ? [node] : []),
  ...("children" in node ? node.children.flatMap((child) => claimsIn(child as HastNode)) : []),
];

const box = (className: string, children: readonly HastNode[]) => ({
  type: "element" as const,
  tagName: "div",
  properties: { className: [className] },
  children: [...children] as never[],
});
