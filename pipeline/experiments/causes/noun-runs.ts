import { ablate } from "../../engine/points/ablate.ts";
import { cutEdges, type Edge, edgesOf } from "../../engine/points/cut-edges.ts";
import type { Intervention } from "../../engine/points/intervention.ts";
import { maskOf } from "../../engine/points/mask.ts";
import { matchPoints } from "../../engine/points/match.ts";
import { patch } from "../../engine/points/patch.ts";
import type { LanguageModel } from "../../engine/run/language-model.ts";
import type { Tensor } from "../../engine/runtime.ts";
import type { Item } from "../senses/items.ts";

/** The blocks below the depth at which states are read, and the names that go with it. */
export interface Reach {
  /** Blocks 0 … blocks − 1 come before the state that is read. */
  readonly blocks: number;
  readonly state: string;
  /** The writes of their sublayers as a glob, and by name in order of computation. */
  readonly at: string;
  readonly writes: readonly string[];
}

export function reachOf(model: LanguageModel, blocks: number): Reach {
  const at = `blocks.{${Array.from({ length: blocks }, (_, i) => i).join(",")}}.{hook_attn_out,hook_mlp_out}`;
  return { blocks, at, state: `blocks.${blocks - 1}.hook_resid_post`, writes: matchPoints(at, model.points) };
}

/** What stands at the noun of each sentence. */
export interface AtNoun {
  /** [sentences] state [dModel] after the last block below. */
  readonly states: Float32Array[];
  /** [sentences][writes] write [dModel]. */
  readonly writes: Float32Array[][];
}

export async function cleanAtNoun(
  model: LanguageModel,
  items: readonly Item[],
  reach: Reach,
  signal: AbortSignal,
): Promise<AtNoun> {
  const width = model.config.dModel;
  const found: AtNoun = { states: [], writes: [] };
  const request = { points: [reach.state, ...reach.writes], batch: 8 };
  for await (const { indices, tokens, outputs } of model.run(items.map(upToNoun), request, signal))
    for (const [r, index] of indices.entries()) {
      const from = (r * tokens + items[index]!.target) * width;
      const at = (point: string) => (outputs[point]!.data as Float32Array).slice(from, from + width);
      found.states[index] = at(reach.state);
      found.writes[index] = reach.writes.map(at);
    }
  return found;
}

/** A state at the noun of a sentence under one variant of an intervention. */
export type Keep = (item: number, variant: number, state: Float32Array) => void;

interface Variants {
  readonly count: number;
  readonly interventions: readonly Intervention[];
  feeds(at: readonly { readonly item: number; readonly variant: number }[], tokens: number): Record<string, Tensor>;
}

/** Each sublayer's write at the noun replaced by what it is at the noun of another sentence. Variant: the write. */
export function patchedWrites(
  reach: Reach,
  items: readonly Item[],
  clean: AtNoun,
  partner: ArrayLike<number>,
): Variants {
  return {
    count: reach.writes.length,
    interventions: [patch({ at: reach.at, from: "feed", where: ["row", "point", "position"] })],
    feeds: (rows, tokens) => ({
      ...valuesAtNoun(reach, items, rows, tokens, ({ item, variant }, w) =>
        w === variant ? clean.writes[partner[item]!]![w] : undefined,
      ),
      "patch.where": onlyAtNoun(reach, items, rows, tokens),
    }),
  };
}

/** Each sublayer's write at the noun replaced by its mean. Variant: the write. */
export function ablatedWrites(reach: Reach, items: readonly Item[], means: readonly Float32Array[]): Variants {
  return {
    count: reach.writes.length,
    interventions: [ablate({ at: reach.at, replacement: "mean", where: ["row", "point", "position"] })],
    feeds: (rows, tokens) => ({
      ...Object.fromEntries(
        reach.writes.map((point, w): [string, Tensor] => [
          `ablate.mean.${point}`,
          { type: "float32", shape: [means[w]!.length], data: means[w]! },
        ]),
      ),
      "ablate.where": onlyAtNoun(reach, items, rows, tokens),
    }),
  };
}

/** Attention edges cut. Variant: one of the lists that `edges` gives for a sentence. */
export function cutVariants(
  model: LanguageModel,
  count: number,
  edges: (item: number, variant: number) => readonly Edge[],
): Variants {
  return {
    count,
    interventions: [cutEdges()],
    feeds: (rows, tokens) => ({
      "cut.edges": edgesOf(
        rows.map(({ item, variant }) => edges(item, variant)),
        tokens,
        model.config,
      ),
    }),
  };
}

/** Runs every variant of every sentence and hands over the state at its noun. */
export async function runVariants(
  model: LanguageModel,
  items: readonly Item[],
  reach: Reach,
  { count, interventions, feeds }: Variants,
  keep: Keep,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const width = model.config.dModel;
  const rows = items.flatMap((item) => Array.from({ length: count }, () => upToNoun(item)));
  let done = 0;
  const placeOf = (index: number) => ({ item: Math.floor(index / count), variant: index % count });
  const request = {
    points: [reach.state],
    interventions,
    batch: 30,
    feeds: (indices: readonly number[], tokens: number) => feeds(indices.map(placeOf), tokens),
  };
  for await (const { indices, tokens, outputs } of model.run(rows, request, signal)) {
    const data = outputs[reach.state]!.data as Float32Array;
    for (const [r, index] of indices.entries()) {
      const { item, variant } = placeOf(index);
      const from = (r * tokens + items[item]!.target) * width;
      keep(item, variant, data.subarray(from, from + width));
    }
    done += indices.length;
    progress(done / rows.length);
  }
}

/** Nothing after the noun can reach it. */
const upToNoun = ({ ids, target }: Item) => ids.slice(0, target + 1);

type Rows = readonly { readonly item: number; readonly variant: number }[];

const onlyAtNoun = ({ writes }: Reach, items: readonly Item[], rows: Rows, tokens: number): Tensor =>
  maskOf(
    [rows.length, writes.length, tokens],
    (r, w, t) => w === rows[r]!.variant && t === items[rows[r]!.item]!.target,
  );

/** A value for every write, [row, token, dModel], nothing but zeros where none is given. */
function valuesAtNoun(
  { writes }: Reach,
  items: readonly Item[],
  rows: Rows,
  tokens: number,
  written: (row: Rows[number], write: number) => Float32Array | undefined,
): Record<string, Tensor> {
  return Object.fromEntries(
    writes.map((point, w) => {
      const width = written({ item: rows[0]!.item, variant: w }, w)!.length;
      const data = new Float32Array(rows.length * tokens * width);
      rows.forEach((row, r) => {
        const value = written(row, w);
        if (value) data.set(value, (r * tokens + items[row.item]!.target) * width);
      });
      return [`patch.value.${point}`, { type: "float32" as const, shape: [rows.length, tokens, width], data }];
    }),
  );
}
