import type { UnitPiece } from "../../artifacts/unit-piece.ts";
import type { InfluencedScore } from "../../statistics/influence-draws.ts";
import type { ReadPassage } from "./passage-positions.ts";
import type { ScoredUnit, Yardstick } from "./score-units.ts";
import type { UnitWrites } from "./writes.ts";

/** Contexts of each unit that readers get, and the tokens that each has before and after the place where the unit fires. */
const CONTEXTS = 5;
const BEFORE = 11;
const AFTER = 3;
const NEAR = 6;
/** Activations are told in hundredths of the unit's largest. */
const STEPS = 99;

/**
 * What readers see of the units, one file a block: where each fires most, its scores, what it writes, and which units write
 * most nearly the same. In the order of `units`: block after block.
 * @param values [blocks][units] activations
 */
export function unitPieces(
  units: readonly ScoredUnit[],
  values: readonly (readonly Float32Array[])[],
  writes: readonly (readonly UnitWrites[])[],
  alignment: readonly { readonly score: InfluencedScore }[],
  passages: readonly ReadPassage[],
  { positions: { length }, concepts }: Yardstick,
  show: (token: number) => string,
): Record<string, string> {
  const flat = writes.flat();
  const round = (x: number) => Math.round(x * 1e4) / 1e4;
  const told = units.map((each, i) => {
    const own = values[each.block]![i % values[each.block]!.length]!;
    const { raised, lowered } = flat[i]!;
    const peak = own[each.contexts.top[0]!]!;
    const contexts = each.contexts.top.slice(0, CONTEXTS).map((position) => {
      const passage = passages[Math.floor(position / length)]!;
      const start = Math.floor(position / length) * length;
      const from = Math.max(start, position - BEFORE);
      const to = Math.min(start + length, position + AFTER + 1);
      // Position p of a document is its token p + 1.
      const tokens = Array.from({ length: to - from }, (_, k) => show(passage.ids[from + k - start + 1]!));
      const shares = Array.from({ length: to - from }, (_, k) => Math.round((STEPS * own[from + k]!) / peak));
      return { document: passage.document, at: position - from, tokens, shares };
    });
    const label = (c: number) => `${concepts.labels[c]!.kind}: ${concepts.labels[c]!.label}`;
    const { clusters, concept, predictor } = each.scores;
    return {
      unit: each.unit,
      rate: round(each.rate),
      clusters: round(clusters.value),
      concept: round(concept.value),
      predictor: round(predictor.value),
      alignment: round(alignment[i]!.score.value),
      best: [...new Set(each.concepts.map(label))],
      peak: Number(peak.toPrecision(4)),
      // A unit that fires below zero takes away what it would add above it.
      raised: each.sign > 0 ? raised : lowered,
      lowered: each.sign > 0 ? lowered : raised,
      near: nearest(i, flat, units),
      contexts,
    };
  });
  return Object.fromEntries(
    values.map((_, block): [string, string] => {
      const piece: UnitPiece = { block, units: told.filter((_, i) => units[i]!.block === block) };
      return [`units/${block}.json`, `${JSON.stringify(piece)}\n`];
    }),
  );
}

/** The units that write most nearly what unit i writes when both fire. */
function nearest(
  i: number,
  writes: readonly UnitWrites[],
  units: readonly ScoredUnit[],
): UnitPiece["units"][number]["near"] {
  const own = writes[i]!.direction;
  const found: { block: number; unit: number; cosine: number }[] = [];
  writes.forEach(({ direction }, j) => {
    if (j === i) return;
    let dot = 0;
    for (let k = 0; k < own.length; k++) dot += own[k]! * direction[k]!;
    const cosine = dot * units[i]!.sign * units[j]!.sign;
    if (found.length === NEAR && cosine <= found[NEAR - 1]!.cosine) return;
    found.push({ block: units[j]!.block, unit: units[j]!.unit, cosine });
    found.sort((a, b) => b.cosine - a.cosine);
    found.length = Math.min(found.length, NEAR);
  });
  return found.map(({ block, unit, cosine }) => ({ block, unit, cosine: Math.round(cosine * 1000) / 1000 }));
}
