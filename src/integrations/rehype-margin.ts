import type { ElementContent, Root, RootContent } from "hast";
import type { MdxJsxFlowElement, MdxJsxTextElement } from "mdast-util-mdx-jsx";
import { SKIP, visit } from "unist-util-visit";

type Node = Root | RootContent | ElementContent | MdxJsxFlowElement | MdxJsxTextElement;
type Claim = MdxJsxFlowElement | MdxJsxTextElement;

const isClaim = (node: Node): node is Claim =>
  (node.type === "mdxJsxTextElement" || node.type === "mdxJsxFlowElement") && node.name === "Claim";

/**
 * Puts the verdicts of a paragraph's claims beside it: `<p>…<Claim of="x">…</Claim>…</p>` becomes
 * `<div class="beside"><p>…</p><ClaimMargin of="x" /></div>`. The margin follows its paragraph in the document, so that
 * it folds under it on a phone and is read after it by a screen reader.
 */
export function rehypeMargin() {
  return (tree: Root): void => {
    visit(tree, (node, index, parent) => {
      const each = node as Node;
      if (index === undefined || !parent || !("children" in each) || each.type === "root") return;
      if (each.type === "element" ? !["p", "li", "blockquote"].includes(each.tagName) : !isClaim(each)) return;
      const claims: Claim[] = [];
      visit(each as unknown as Root, (inner) => {
        if (isClaim(inner as Node)) claims.push(inner as unknown as Claim);
      });
      if (claims.length === 0) return;
      const margins = claims.map(({ attributes }) => ({
        type: "mdxJsxFlowElement" as const,
        name: "ClaimMargin",
        attributes: attributes.filter((a) => a.type === "mdxJsxAttribute" && a.name === "of"),
        children: [],
      }));
      const inside = { ...each } as ElementContent;
      const wrapper = (tagName: string, className: string, children: unknown[]) => ({
        type: "element" as const,
        tagName,
        properties: { className: [className] },
        children,
      });
      const beside = [wrapper("div", "beside-notes", margins)];
      const isItem = each.type === "element" && each.tagName === "li";
      // A list's child must stay a list item: its margin goes inside it.
      const replacement = isItem
        ? { ...each, children: [...(each as { children: ElementContent[] }).children, ...beside] }
        : wrapper("div", "beside", [inside, ...beside]);
      (parent.children as unknown[])[index] = replacement;
      return [SKIP, index + 1];
    });
  };
}
