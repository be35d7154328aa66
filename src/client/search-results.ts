import type { Verdict } from "../../pipeline/artifacts/verdict.ts";
import { verdictShapes } from "../charts/verdict-shapes.ts";
import { make } from "./elements.ts";
import type { Hit } from "./search-engine.ts";

const NAMES: Readonly<Record<string, string>> = { term: "glossary" };

/** The words of a hit: its kind and verdicts, its title, where it stands, what was found. `model` is whose verdict counts. */
export function wordsOf(hit: Hit, titles: ReadonlyMap<string, string>, model: string): HTMLElement[] {
  const head = make("span", "hit-head");
  head.append(make("span", "hit-kind", NAMES[hit.kind] ?? hit.kind));
  const own = hit.verdicts.filter(([one]) => one === model);
  for (const [one, verdict] of own.length > 0 ? own : hit.verdicts.slice(0, 2))
    head.append(" ", verdictMark(verdict as Verdict, hit.verdicts.length > 1 ? (titles.get(one) ?? one) : ""));
  const excerpt = make("span", "hit-excerpt");
  excerpt.append(...hit.excerpt.map(({ text, found }) => (found ? make("mark", "", text) : text)));
  return [
    head,
    make("span", "hit-title", hit.title),
    ...(hit.within ? [make("span", "hit-within", hit.within)] : []),
    excerpt,
  ];
}

/** A verdict's shape and word, as pages have it. */
function verdictMark(verdict: Verdict, on: string): HTMLElement {
  const mark = make("span", `verdict ${verdict}`);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of [
    ["viewBox", "0 0 12 12"],
    ["width", "12"],
    ["height", "12"],
    ["aria-hidden", "true"],
  ] as const)
    svg.setAttribute(name, value);
  for (const { tag, attributes } of verdictShapes[verdict] ?? []) {
    const shape = document.createElementNS(svg.namespaceURI, tag);
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, String(value));
    svg.append(shape);
  }
  mark.append(svg, make("span", "verdict-word", ` ${verdict}`));
  if (on) mark.append(make("span", "hit-on", ` ${on}`));
  return mark;
}
