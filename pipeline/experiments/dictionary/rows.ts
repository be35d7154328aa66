import type { Column, Table } from "../../artifacts/schema.ts";
import { rowsOf } from "../../artifacts/tables.ts";
import type { Tables } from "../experiment.ts";
import { column } from "../support/column.ts";
import type { FeatureRow, InfluenceRow, Liveness } from "./feature-scores.ts";
import type { FitRow } from "./fit.ts";
import type { LossRow } from "./replacement.ts";

/** What a shard hands to the statistics, and the tables that hold it. */
export interface Found {
  readonly features: readonly FeatureRow[];
  readonly influences: readonly InfluenceRow[];
  readonly fits: readonly (FitRow & { readonly series: string })[];
  readonly losses: readonly LossRow[];
  readonly dictionaries: readonly DictionaryRow[];
  readonly counts: readonly CountRow[];
}

/** One dictionary as a whole. */
export interface DictionaryRow extends Liveness {
  readonly series: string;
  /** Codes above 0, a position. */
  readonly active: number;
  /** Of the features that fire, those that another seed's dictionary has too, and that its start has; −1 where none was trained. */
  readonly stable: number;
  readonly stableByChance: number;
}

export interface CountRow {
  readonly what: string;
  readonly value: number;
}

const text = (name: string, about: string) => column(name, "string", "", about);
const whole = (name: string, about: string) => column(name, "integer", "", about);
const number = (name: string, about: string) => column(name, "number", "", about);
const series = text("series", "whose features: of which dictionary, or units");

const COLUMNS = {
  features: [
    series,
    whole("feature", "its number"),
    number("rate", "share of positions at which it fires"),
    number("clusters", "score by clusters of contexts"),
    number("concept", "score by one concept"),
    number("predictor", "score by one predictor"),
    text("best", "the concept chosen on the first half"),
  ],
  influences: [
    series,
    text("definition", "which score"),
    text("influence", "mean derivative of the score by each document's weight: float32, base64"),
  ],
  fits: [
    series,
    whole("document", "which of the scored documents"),
    text("space", "standardised values, raw ones, or raw ones without massive dimensions"),
    number("error", "squared error"),
    number("total", "squares about the mean"),
  ],
  losses: [
    whole("document", "which of the scored documents"),
    text("condition", "what stood in for what"),
    number("surprisal", "of the next token, nats, summed"),
    whole("same", "positions whose likeliest token stayed"),
    whole("positions", "positions that count"),
  ],
  dictionaries: [
    series,
    whole("features", "features in all"),
    whole("firing", "that fire on the scored documents"),
    whole("scorable", "that fire in enough documents to be scored"),
    number("active", "codes above 0 a position"),
    whole("stable", "firing ones that another seed's dictionary has too"),
    whole("stableByChance", "firing ones that another seed's start has"),
  ],
  counts: [text("what", "what is counted"), number("value", "how many, or which share")],
} satisfies Record<keyof Found, Column[]>;

export function tablesOf(found: Found): Tables {
  const rows: Record<keyof Found, readonly object[]> = {
    ...found,
    influences: found.influences.map((row) => ({ ...row, influence: base64(row.influence) })),
  };
  return Object.fromEntries(
    (Object.keys(COLUMNS) as (keyof Found)[]).map((name): [string, Table] => [
      name,
      {
        title: name,
        columns: COLUMNS[name],
        rows: rows[name].map((row) =>
          COLUMNS[name].map((each) => (row as Readonly<Record<string, string | number>>)[each.name]!),
        ),
      },
    ]),
  );
}

/** What a shard's tables hold. */
export function foundIn(tables: Tables): Found {
  const read = <Name extends keyof Found>(name: Name) =>
    rowsOf(tables as Record<string, Table>, name) as unknown as Found[Name];
  return {
    features: read("features"),
    influences: read("influences").map((row) => ({ ...row, influence: numbers(row.influence as unknown as string) })),
    fits: read("fits"),
    losses: read("losses"),
    dictionaries: read("dictionaries"),
    counts: read("counts"),
  };
}

const base64 = (of: Float64Array) => Buffer.from(Float32Array.from(of).buffer).toString("base64");

function numbers(text: string): Float64Array {
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return Float64Array.from(new Float32Array(bytes.buffer));
}
