import { metricOf, type Row, runGroups } from "../../engine/attribution/pairs.ts";
import { cutEdges, type Edge, edgesOf } from "../../engine/points/cut-edges.ts";
import { maskOf } from "../../engine/points/mask.ts";
import { patch } from "../../engine/points/patch.ts";
import type { LanguageModel } from "../../engine/run/language-model.ts";
import type { Tensor } from "../../engine/runtime.ts";
import type { Case } from "./cases.ts";
import { HEADS, type Head } from "./choose-heads.ts";

/** Patched rows beside one clean and one corrupted row. */
const TOGETHER = 30;

/** Margins of the clean answer over its foil, in logits. */
export interface Patched {
  /** [cases] of the two prompts, nothing changed. */
  readonly clean: Float64Array;
  readonly corrupted: Float64Array;
  /** [cases × heads] fall of the clean margin when the head's value at the last position is that of the corrupted prompt. */
  readonly falls: Float64Array;
}

export async function patchHeads(
  model: LanguageModel,
  cases: readonly Case[],
  heads: readonly Head[],
  signal: AbortSignal,
): Promise<Patched> {
  const { nLayers, nHeads } = model.config;
  const chunks = Math.max(1, Math.ceil(heads.length / TOGETHER));
  const rows: Row[] = [
    { ids: "clean", source: 0 },
    { ids: "corrupted", source: 1 },
    ...Array.from({ length: Math.min(TOGETHER, heads.length) }, (): Row => ({ ids: "clean", source: 1 })),
  ];
  const placeOf = (group: number, row: number) => (row < 2 ? heads.length : (group % chunks) * TOGETHER + row - 2);
  const found: Patched = {
    clean: new Float64Array(cases.length),
    corrupted: new Float64Array(cases.length),
    falls: new Float64Array(cases.length * heads.length),
  };
  const groups = cases.flatMap((each) => Array.from({ length: chunks }, () => each));
  await runGroups(
    model,
    groups,
    rows,
    {
      tails: [metricOf(model)],
      interventions: [patch({ at: HEADS, from: "row", where: ["row", "point", "position", "head"] })],
    },
    (inBatch, source) => {
      const tokens = Math.max(...inBatch.map((group) => groups[group]!.clean.length));
      return {
        "patch.source": source,
        "patch.where": maskOf([source.data.length, nLayers, tokens, nHeads], (row, point, position, head) => {
          const group = inBatch[Math.floor(row / rows.length)]!;
          return (
            position === groups[group]!.clean.length - 1 &&
            heads[placeOf(group, row % rows.length)] === point * nHeads + head
          );
        }),
      };
    },
    (inBatch, { outputs }) => {
      const margin = outputs["answer_margin.margin"]!.data as Float32Array;
      inBatch.forEach((group, g) => {
        const at = Math.floor(group / chunks);
        const first = g * rows.length;
        found.clean[at] = margin[first]!;
        found.corrupted[at] = margin[first + 1]!;
        for (let row = 2; row < rows.length; row++) {
          const place = placeOf(group, row);
          if (place < heads.length) found.falls[at * heads.length + place] = margin[first]! - margin[first + row]!;
        }
      });
    },
    signal,
  );
  return found;
}

/** What may not be read from the last position: by one head, or by all in all blocks where no head is named. */
export interface Cut {
  readonly head?: Head;
  readonly keys: (of: Case) => readonly number[];
}

/** Margins with edges cut, [cases × cuts]. */
export async function cutMargins(
  model: LanguageModel,
  cases: readonly Case[],
  cuts: readonly Cut[],
  signal: AbortSignal,
): Promise<Float64Array> {
  const found = new Float64Array(cases.length * cuts.length);
  const { nHeads } = model.config;
  const edges = (index: number): Edge[] => {
    const { head, keys } = cuts[index % cuts.length]!;
    const of = cases[Math.floor(index / cuts.length)]!;
    const which = head === undefined ? {} : { block: Math.floor(head / nHeads), head: head % nHeads };
    return keys(of).map((key) => ({ ...which, query: of.clean.length - 1, key }));
  };
  const run = model.run(
    cases.flatMap(({ clean }) => cuts.map(() => clean)),
    {
      tails: [metricOf(model)],
      interventions: [cutEdges()],
      batch: TOGETHER,
      feeds: (indices, tokens) => ({
        ...atTheEnd(
          indices.map((index) => cases[Math.floor(index / cuts.length)]!),
          tokens,
        ),
        "cut.edges": edgesOf(indices.map(edges), tokens, model.config),
      }),
    },
    signal,
  );
  for await (const { indices, outputs } of run) {
    const margin = outputs["answer_margin.margin"]!.data as Float32Array;
    indices.forEach((index, row) => {
      found[index] = margin[row]!;
    });
  }
  return found;
}

/** Feeds of the margin after the last token of each case. */
export function atTheEnd(cases: readonly Case[], tokens: number): Record<"at" | "candidates", Tensor> {
  const at = new Float32Array(cases.length * tokens);
  cases.forEach(({ clean }, row) => {
    at[row * tokens + clean.length - 1] = 1;
  });
  return {
    at: { type: "float32", shape: [cases.length, tokens], data: at },
    candidates: {
      type: "int64",
      shape: [cases.length, 2],
      data: BigInt64Array.from(cases.flatMap(({ candidates }) => candidates.map(BigInt))),
    },
  };
}
