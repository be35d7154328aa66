import type { Table } from "../../artifacts/schema.ts";
import { column } from "../support/column.ts";
import type { NounEffects } from "./measure-nouns.ts";

/** Effects that have one figure along the senses' axis and one along the shuffled senses'; of all writes in order. */
const ALONG_AXES = ["direct", "patched", "ablated"] as const;
const SINGLE = ["sentences", "clean", "cutCue", "cutOther"] as const;

/** What a noun's shard keeps: every sum in a row of its own. */
export function nounTable(noun: NounEffects): Table {
  return {
    title: "Effects at the noun",
    columns: [
      column("effect", "string", "", "which effect; sums over the noun's sentences, in logits of the probe"),
      column("axis", "integer", "", "0: along the senses' axis; 1: along the shuffled senses'"),
      column("place", "integer", "", "write or head, in order of computation; 0 where there is one figure"),
      column("value", "number", "", "the sum"),
    ],
    rows: [
      ...SINGLE.map((effect) => [effect, 0, 0, noun[effect]]),
      ...noun.right.map((value, axis) => ["right", axis, 0, value]),
      ...ALONG_AXES.flatMap((effect) =>
        noun[effect].flatMap((values, axis) => Array.from(values, (value, place) => [effect, axis, place, value])),
      ),
      ...Array.from(noun.cutHeads, (value, place) => ["cutHeads", 0, place, value]),
    ],
  };
}

/** The effects that such a table holds. */
export function nounOf(lemma: string, { rows }: Pick<Table, "rows">): NounEffects {
  const values = (effect: string, axis = 0) =>
    Float64Array.from(
      rows.filter((row) => row[0] === effect && row[1] === axis),
      (row) => row[3] as number,
    );
  const both = (effect: string): [Float64Array, Float64Array] => [values(effect, 0), values(effect, 1)];
  const one = (effect: string, axis = 0) => values(effect, axis)[0]!;
  return {
    lemma,
    sentences: one("sentences"),
    clean: one("clean"),
    right: [one("right", 0), one("right", 1)],
    direct: both("direct"),
    patched: both("patched"),
    ablated: both("ablated"),
    cutCue: one("cutCue"),
    cutOther: one("cutOther"),
    cutHeads: values("cutHeads"),
  };
}
