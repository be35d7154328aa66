import type { Provenance } from "../../pipeline/artifacts/schema.ts";
import { count, duration } from "./numbers.ts";

/** Seconds that a measurement took; undefined where it only gathered shards, whose own time its provenance does not record. */
export const secondsOf = ({ inputs, seconds }: Pick<Provenance, "inputs" | "seconds">): number | undefined =>
  inputs.some(({ kind }) => kind === "shard") ? undefined : seconds;

/** The same in words: `12 min`, or `125 shards`. */
export function tookWords(provenance: Pick<Provenance, "inputs" | "seconds">): string {
  const seconds = secondsOf(provenance);
  if (seconds !== undefined) return duration(seconds);
  return count(provenance.inputs.filter(({ kind }) => kind === "shard").length, "shard");
}
