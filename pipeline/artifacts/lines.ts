import { isCollection, isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from "yaml";

/**
 * The line, from 1, of a field of a YAML text (`claims.2.predictions.0.estimate`): of its key where it has one. Of what is not
 * there, the line of the nearest thing around it that is.
 */
export function lineOfField(yaml: string, field: readonly PropertyKey[]): number {
  const counter = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: counter, keepSourceTokens: true });
  let at: Node | null = document.contents;
  let offset = at?.range?.[0] ?? 0;
  for (const part of field) {
    if (!isCollection(at)) break;
    const pair = isMap(at) ? at.items.find(({ key }) => isScalar(key) && key.value === part) : undefined;
    const next = pair ? pair.value : at.get(typeof part === "number" ? part : String(part), true);
    const shown = pair && isNode(pair.key) ? pair.key : next;
    if (!isNode(shown)) break;
    offset = shown.range?.[0] ?? offset;
    at = isNode(next) ? next : null;
  }
  return counter.linePos(offset).line || 1;
}
