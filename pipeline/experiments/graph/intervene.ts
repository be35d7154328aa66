import { int64s, metricOf } from "../../engine/attribution/pairs.ts";
import { maskOf } from "../../engine/points/mask.ts";
import { patch } from "../../engine/points/patch.ts";
import type { LanguageModel } from "../../engine/run/language-model.ts";
import type { Case } from "../heads/cases.ts";
import { atTheEnd } from "../heads/patch-heads.ts";
import type { Place } from "./unit-graph.ts";

const UNITS = "blocks.*.mlp.hook_post";

/** One run of a case: one of its prompts, in which some units at some positions have the values that they have in the other. */
export interface Exchange {
  readonly prompt: "clean" | "corrupted";
  readonly units: readonly Place[];
}

/** What came of it. */
export interface Exchanged {
  readonly margin: number;
  /** Activation of a unit at a position. */
  at(place: Place): number;
}

/** Runs exchanges of one case side by side. The first two are the prompts as they are: clean, corrupted. */
export async function exchange(
  model: LanguageModel,
  one: Case,
  exchanges: readonly Exchange[],
  signal: AbortSignal,
): Promise<Exchanged[]> {
  const { nLayers, dMlp } = model.config;
  const rows: Exchange[] = [{ prompt: "clean", units: [] }, { prompt: "corrupted", units: [] }, ...exchanges];
  const keys = rows.map(({ units }) => new Set(units.map((place) => keyOf(place))));
  const found: Exchanged[] = [];
  const run = model.run(
    rows.map(({ prompt }) => one[prompt]),
    {
      tails: [metricOf(model)],
      points: [UNITS],
      interventions: [patch({ at: UNITS, from: "row", where: ["row", "point", "position", "coordinate"] })],
      batch: rows.length,
      feeds: (indices, tokens) => ({
        ...atTheEnd(
          indices.map(() => one),
          tokens,
        ),
        "patch.source": int64s(indices.map((index) => indices.indexOf(rows[index]!.prompt === "clean" ? 1 : 0))),
        "patch.where": maskOf([indices.length, nLayers, tokens, dMlp], (row, block, position, unit) => {
          const units = keys[indices[row]!]!;
          return units.size > 0 && units.has(keyOf({ block, position, unit }));
        }),
      }),
    },
    signal,
  );
  for await (const { indices, tokens, outputs } of run) {
    const margin = outputs["answer_margin.margin"]!.data as Float32Array;
    const units = Array.from({ length: nLayers }, (_, block) => {
      return Float32Array.from(outputs[`blocks.${block}.mlp.hook_post`]!.data as Float32Array);
    });
    indices.forEach((index, row) => {
      found[index] = {
        margin: margin[row]!,
        at: ({ block, position, unit }) => units[block]![(row * tokens + position) * dMlp + unit]!,
      };
    });
  }
  return found;
}

const keyOf = ({ block, position, unit }: Place): number => (block * 4096 + position) * 65536 + unit;
