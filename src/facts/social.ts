import { isDeep, type Track, tracksOf } from "../charts/chart-data.ts";
import type { CardFacts } from "../social/card.ts";
import type { ClaimFacts } from "./claims.ts";
import type { Facts } from "./facts.ts";
import { homeLog } from "./home.ts";
import { count } from "./numbers.ts";
import { siteTitle, tagline } from "./place.ts";
import { quantitiesFor } from "./quantities.ts";
import { namesOf } from "./words.ts";

const site = { site: siteTitle, tagline };

/** Pages that have a picture of their own, by the folder of their kind. */
export const cardKinds = {
  lines: (facts: Facts) => [...facts.lines.keys()],
  notes: (facts: Facts) => [...facts.notes.keys()],
  sources: (facts: Facts) => [...facts.sources.keys()],
  site: () => ["soundings"],
} as const;

export type CardKind = keyof typeof cardKinds;

/** Where a page's picture is. */
export const cardImage = (kind: CardKind, id: string): string => `/social/${kind}/${id}.png`;

/** The picture of a page: its address, and what stands on it. */
export interface PageCard {
  readonly address: string;
  readonly facts: CardFacts;
}

/** Every page's. */
export const allCards = (facts: Facts): PageCard[] =>
  (Object.keys(cardKinds) as CardKind[]).flatMap((kind) =>
    cardKinds[kind](facts).map((id) => ({ address: cardImage(kind, id), facts: cardFacts(facts, kind, id) })),
  );

/** What stands on the picture of a page. Throws for a page that there isn't. */
export function cardFacts(facts: Facts, kind: CardKind, id: string): CardFacts {
  const missing = () => new Error(`There is no ${kind} "${id}" to draw a card for.`);
  if (kind === "lines") {
    const found = facts.lines.get(id);
    if (!found) throw missing();
    const { line, claims, notes } = found;
    const about = `${count(claims.length, "claim")} · ${count(notes.length, "note")}`;
    return card("Inquiring line", line.data.title, claims, about, trackOf(facts, claims));
  }
  if (kind === "notes") {
    const found = facts.notes.get(id);
    if (!found) throw missing();
    const { note, claims } = found;
    const models = new Set(
      claims.flatMap((each) => each.models.filter(isMeasured).map(({ model }) => model.data.title)),
    );
    const on = models.size > 0 ? `measured on ${[...models].join(", ")}` : "not measured yet";
    const about = `${count(claims.length, "claim")} · ${on}`;
    return card("Synthesis note", note.data.title, claims, about, trackOf(facts, claims));
  }
  if (kind === "sources") {
    const found = facts.sources.get(id);
    if (!found) throw missing();
    const { data } = found.source;
    return card("Source", data.title, [], `${namesOf(data.authors)} · ${data.year} · ${data.venue}`);
  }
  const log = homeLog(facts);
  const result = log && facts.measured(facts.defaultModel.id, log.experiment)?.result;
  return card(
    "A research wiki",
    "Every claim carries its own measurement",
    [],
    `${count(facts.claims.size, "claim")} · ${count(facts.notes.size, "note")} · ${count(facts.lines.size, "line")}`,
    result && tracksOf(result, log.quantities)[0],
  );
}

const isMeasured = ({ reasons }: ClaimFacts["first"]) => reasons.some(({ estimate }) => estimate !== null);

function card(label: string, title: string, claims: readonly ClaimFacts[], about: string, track?: Track): CardFacts {
  return { ...site, label, title, about, verdicts: claims.map(({ first }) => first.verdict), ...(track && { track }) };
}

/** The curve over depth that the first of the claims with one speaks of. */
function trackOf(facts: Facts, claims: readonly ClaimFacts[]): Track | undefined {
  for (const { first } of claims)
    for (const { prediction, estimate } of first.reasons) {
      const result = facts.measured(first.model.id, prediction.experiment)?.result;
      if (!estimate || !result?.tables.curves || !result.tables.quantities) continue;
      const quantity = quantitiesFor(result.tables, [estimate.id])?.[0];
      const [track] = quantity ? tracksOf(result, [quantity]) : [];
      if (track && isDeep(track.quantity)) return track;
    }
  return undefined;
}
