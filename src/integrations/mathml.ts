import katex from "katex";
import { defineHastPlugin, type HastNode, htmlToHast } from "satteri";

/** Draws `$…$` and `$$…$$` as MathML: KaTeX's HTML has inline styles, which the content-security policy forbids. */
export const mathml = defineHastPlugin({
  name: "soundings:mathml",
  element: [
    {
      filter: ["pre"],
      visit(node, context) {
        const [code] = node.children;
        if (code?.type === "element" && isMath(code.properties.className))
          context.replaceNode(node, drawn(context.textContent(code), true));
      },
    },
    {
      filter: ["code"],
      visit(node, context) {
        const above = context.parent(node);
        const isBlock = above.type === "element" && above.tagName === "pre";
        if (!isBlock && isMath(node.properties.className))
          context.replaceNode(node, drawn(context.textContent(node), false));
      },
    },
  ],
});

const isMath = (className: unknown): boolean => Array.isArray(className) && className.includes("language-math");

/** Throws katex.ParseError where the TeX is none. */
function drawn(tex: string, displayMode: boolean): HastNode[] {
  const html = katex.renderToString(tex, { displayMode, output: "mathml" });
  const tree = htmlToHast(html, { fragment: true });
  return "children" in tree ? (tree.children as HastNode[]) : [];
}
