import type { ModelCard } from "../../pipeline/artifacts/content/model-card.ts";
import type { Estimate } from "../../pipeline/artifacts/schema.ts";
import type { Entry } from "../../pipeline/artifacts/vault.ts";
import { isDeep, type Track, tracksOf } from "../charts/chart-data.ts";
import type { ClaimFacts, ModelVerdict } from "./claims.ts";
import type { Facts } from "./facts.ts";
import { fileSize, fixed, inHalfWidths } from "./numbers.ts";

/** Two models beside each other. */
export interface Comparison {
  readonly a: Entry<ModelCard>;
  readonly b: Entry<ModelCard>;
  /** Claims that both were put to, those on which they differ first. */
  readonly verdicts: readonly ComparedVerdict[];
  /** Claims that only one of them was put to. */
  readonly alone: readonly ComparedVerdict[];
  /** Estimates of experiments that both went through and whose intervals lie apart, farthest first. */
  readonly apart: readonly ApartEstimate[];
  /** Estimates that both have. */
  readonly shared: number;
  readonly card: readonly { what: string; a: string; b: string; differ: boolean }[];
  /** Quantities over depth that both have, by experiment. */
  readonly depths: readonly { experiment: string; title: string; tracks: readonly [Track, Track][] }[];
}

export interface ComparedVerdict {
  readonly claim: ClaimFacts;
  readonly a: ModelVerdict;
  readonly b: ModelVerdict;
  readonly differ: boolean;
}

export interface ApartEstimate {
  readonly experiment: string;
  readonly title: string;
  readonly a: Estimate;
  readonly b: Estimate;
  /** How far the values lie apart, in half-widths of the wider interval. */
  readonly distance: number;
}

/** Quantities of an experiment that are drawn: as many as a log has tracks. */
const TRACKS = 3;

/** Pairs of models that have been through one experiment at least, each once, in the order in which readers meet them. */
export function comparablePairs(facts: Facts): [Entry<ModelCard>, Entry<ModelCard>][] {
  const measured = (id: string) => facts.vault.experiments.filter((each) => facts.measured(id, each.id));
  return facts.models.flatMap((a, i) =>
    facts.models
      .slice(i + 1)
      .filter((b) => measured(a.id).some((each) => measured(b.id).includes(each)))
      .map((b): [Entry<ModelCard>, Entry<ModelCard>] => [a, b]),
  );
}

/** Everything in which two models differ, and what they share. */
export function compare(facts: Facts, a: Entry<ModelCard>, b: Entry<ModelCard>): Comparison {
  const both = facts.vault.experiments.flatMap(({ id, data }) => {
    const [one, other] = [facts.measured(a.id, id), facts.measured(b.id, id)];
    return one && other ? [{ experiment: id, title: data.title, one: one.result, other: other.result }] : [];
  });
  const pairs = both.flatMap(({ experiment, title, one, other }) => {
    const of = new Map(other.estimates.map((estimate) => [estimate.id, estimate]));
    return one.estimates.flatMap((estimate) => {
      const opposite = of.get(estimate.id);
      return opposite
        ? [{ experiment, title, a: estimate, b: opposite, distance: distanceOf(estimate, opposite) }]
        : [];
    });
  });
  return {
    a,
    b,
    ...verdictsOf(facts, a.id, b.id),
    apart: pairs.filter((pair) => areApart(pair.a, pair.b)).sort((x, y) => y.distance - x.distance),
    shared: pairs.length,
    card: cardRows(a.data, b.data),
    depths: both.flatMap(({ experiment, title, one, other }) => {
      if (![one, other].every(({ tables }) => tables.curves && tables.quantities && tables.series)) return [];
      const opposite = new Map(tracksOf(other).map((track) => [track.quantity.quantity, track]));
      const tracks = tracksOf(one)
        .filter((track) => isDeep(track.quantity) && opposite.has(track.quantity.quantity))
        .slice(0, TRACKS)
        .map((track): [Track, Track] => [track, opposite.get(track.quantity.quantity)!]);
      return tracks.length > 0 ? [{ experiment, title, tracks }] : [];
    }),
  };
}

/** Whether two intervals have no value in common. */
export const areApart = (a: Pick<Estimate, "lo" | "hi">, b: Pick<Estimate, "lo" | "hi">): boolean =>
  a.lo > b.hi || b.lo > a.hi;

const distanceOf = (a: Estimate, b: Estimate): number =>
  inHalfWidths(a.value - b.value, Math.max(a.hi - a.lo, b.hi - b.lo));

function verdictsOf(facts: Facts, a: string, b: string): Pick<Comparison, "verdicts" | "alone"> {
  const rows = [...facts.claims.values()].flatMap((claim) => {
    const of = (id: string) => claim.models.find(({ model }) => model.id === id);
    const [one, other] = [of(a), of(b)];
    return one && other ? [{ claim, a: one, b: other, differ: one.verdict !== other.verdict }] : [];
  });
  const put = ({ verdict }: ModelVerdict) => verdict !== "untested" && verdict !== "untestable";
  return {
    verdicts: rows.filter((row) => put(row.a) && put(row.b)).sort((x, y) => Number(y.differ) - Number(x.differ)),
    alone: rows.filter((row) => put(row.a) !== put(row.b)),
  };
}

function cardRows(a: ModelCard, b: ModelCard): Comparison["card"] {
  const row = (what: string, of: (card: ModelCard) => string) => ({
    what,
    a: of(a),
    b: of(b),
    differ: of(a) !== of(b),
  });
  const hashes = (card: ModelCard, tokenizer: boolean) =>
    card.files
      .filter(({ name }) => name.startsWith("tokenizer") === tokenizer)
      .map(({ name, sha256 }) => `${name} ${sha256.slice(0, 12)}`)
      .join(", ");
  return [
    row("Architecture", (card) => card.architecture),
    row("Parameters", ({ shape }) => fixed(shape.parameters, 0)),
    row("Blocks", ({ shape }) => String(shape.blocks)),
    row("Width", ({ shape }) => String(shape.dModel)),
    row("Heads", ({ shape }) => `${shape.heads} query, ${shape.keyValueHeads} key and value`),
    row("MLP", ({ shape }) => String(shape.dMlp)),
    row("Vocabulary", ({ shape }) => fixed(shape.vocabulary, 0)),
    row("Weights", (card) => hashes(card, false)),
    row("Tokenizer", (card) => hashes(card, true) || (card.format === "gguf" ? "in the file of the weights" : "none")),
    row("Size", (card) => fileSize(card.files.reduce((sum, { bytes }) => sum + bytes, 0))),
    row("Licence", (card) => card.licence),
  ];
}
