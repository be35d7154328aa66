import type { UnitFacts } from "../../pipeline/artifacts/unit-piece.ts";
import { addressOf } from "../facts/addresses.ts";
import { fixed, significant } from "../facts/numbers.ts";
import { make } from "./elements.ts";
import { tokenNode } from "./token-node.ts";

/** Deepest ground of the scale in `traces.css`. */
const DEEPEST = 16;
const FULL = 99;

/** All that is told of one unit: its contexts, what it writes, its neighbours. */
export function unitView(unit: UnitFacts, block: number, model: string): HTMLElement {
  const view = make("div", "unit-view");
  const contexts = make("ol", "plain unit-contexts");
  contexts.setAttribute("aria-label", `Where unit ${unit.unit} of block ${block} fires most`);
  contexts.append(...unit.contexts.map((each) => contextItem(each, unit.peak)));
  const facts = make("dl", "unit-facts");
  facts.append(
    ...pair("Raises", tokens(unit.raised)),
    ...pair("Lowers", tokens(unit.lowered)),
    ...pair("Told best by", [unit.best.join("; ")]),
    ...pair("Writes most like", neighbours(unit, model)),
  );
  view.append(contexts, facts);
  return view;
}

function contextItem({ document: source, tokens: shown, shares, at }: UnitFacts["contexts"][number], peak: number) {
  const item = make("li", "");
  const line = make("p", "unit-context");
  shown.forEach((token, i) => {
    const node = tokenNode(token);
    const share = shares[i]!;
    if (share > 0) node.classList.add(`g${Math.min(DEEPEST, Math.round((DEEPEST * share) / FULL))}`);
    // Where it goes the other way it is told by a line below, not by a second colour.
    else if (share < -FULL / 5) node.classList.add("against");
    if (i === at) node.classList.add("at");
    node.title = significant((share / FULL) * peak, 3);
    // Spaces are shown as marks, at which a line would not break by itself.
    if (/^\s/.test(token)) line.append(document.createElement("wbr"));
    line.append(node);
  });
  item.append(line, make("span", "where", `Brown ${source}, ${fixed((shares[at]! / FULL) * peak, 2)}`));
  return item;
}

function pair(term: string, content: readonly (Node | string)[]): HTMLElement[] {
  const what = make("dd", "");
  what.append(...content);
  return [make("dt", "", term), what];
}

const tokens = (of: readonly string[]): (Node | string)[] => of.flatMap((token) => [tokenNode(token), " "]);

const neighbours = ({ near }: UnitFacts, model: string): (Node | string)[] =>
  near.flatMap(({ block, unit, cosine }, i) => {
    const link = make("a", "", `${block}.${unit}`);
    link.href = addressOf.unit(model, block, unit);
    link.title = `block ${block}, unit ${unit}`;
    return [i > 0 ? ", " : "", link, ` ${fixed(cosine, 2)}`];
  });
